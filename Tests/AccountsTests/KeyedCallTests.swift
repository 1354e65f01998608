import Crypto
import Database
import Foundation
import Testing

@testable import Accounts

@Suite(.timeLimit(.minutes(5)))
struct KeyedCallTests {
    private func call(_ key: String = "key", _ body: String = "body") throws -> KeyedCall {
        try KeyedCall(key: key, digest: SHA256.hash(data: Array(body.utf8)))
    }

    private static let answer = KeptAnswer(status: 201, headers: ["Location": "/x"], body: Array("{}".utf8))

    @Test func aKeyIsGoodForADay() async throws {
        try await AccountsWorld.run { world in
            let ada = try await world.register()
            #expect(try await world.service.begin(call(), by: ada) == nil)
            try await world.service.finish(call(), with: Self.answer, by: ada)
            world.clock.advance(by: .seconds(86_390))
            #expect(try await world.service.begin(call(), by: ada) == Self.answer)
            world.clock.advance(by: .seconds(20))
            #expect(try await world.service.begin(call("key", "other"), by: ada) == nil)
            world.clock.advance(by: .seconds(86_410))
            await world.service.removeExpired()
            #expect(try await world.database.queryOne("SELECT 1 FROM keyed_calls") == nil)
        }
    }

    @Test func aCallThatWasCutShortIsNotDoneAgain() async throws {
        try await AccountsWorld.run { world in
            let ada = try await world.register()
            #expect(try await world.service.begin(call(), by: ada) == nil)
            await #expect(throws: KeyedCallError.underWay) { try await world.service.begin(call(), by: ada) }
            await #expect(throws: KeyedCallError.otherCall) {
                try await world.service.begin(call("key", "other"), by: ada)
            }
            world.clock.advance(by: .seconds(61))
            await #expect(throws: KeyedCallError.outcomeUnknown) { try await world.service.begin(call(), by: ada) }
            // What is answered after all counts.
            try await world.service.finish(call(), with: Self.answer, by: ada)
            try await world.service.abandon(call(), by: ada)
            #expect(try await world.service.begin(call(), by: ada) == Self.answer)
        }
    }

    @Test func anAnswerUnderAnotherMasterKeyIsNotKnown() async throws {
        try await AccountsWorld.run { world in
            let ada = try await world.register()
            #expect(try await world.service.begin(call(), by: ada) == nil)
            try await world.service.finish(call(), with: Self.answer, by: ada)
            let other = try AccountsWorld(world.database, keys: AccountKeys(secret: [UInt8](repeating: 4, count: 32)))
            await #expect(throws: KeyedCallError.outcomeUnknown) { try await other.service.begin(call(), by: ada) }
        }
    }
}
