import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// What cannot be opened is said to be so; nothing of it is wiped, and nobody is asked to scan.
@Suite(.timeLimit(.minutes(3)))
struct UnreadableSecretsTests {
    private func makeSession(_ world: SchedulerWorld, _ name: String = "one", _ number: String = SchedulerWorld.number)
        async throws -> SessionID
    {
        var id: SessionID?
        try await world.whileScheduling { id = try await world.link($0, name, with: number) }
        return try #require(id)
    }

    private func rows(_ world: SchedulerWorld) async throws -> Int {
        try await world.count("session_credentials") + world.count("session_keys")
    }

    @Test func anotherMasterKeyFailsTheSessionUntilTheRightOneIsBack() async throws {
        try await SchedulerWorld.run { world in
            let id = try await makeSession(world)
            let records = try await world.count("session_records")
            try await world.whileScheduling(masterKeys: MasterKeyring(try .test(8))) { scheduler in
                try await scheduler.wait(for: .failed, of: id)
                let state = try await scheduler.state(of: id)
                #expect(state.reason == "other_master_key")
                #expect(state.isWanted)
                await #expect(throws: FleetError.otherMasterKey) {
                    try await scheduler.exportSession(id, as: .tildeGzip)
                }
                // The others are not concerned.
                try await world.sandbox.createPhone(.init(number: "15550002222", name: "Bob"))
                _ = try await world.link(scheduler, "two", with: "15550002222")
            }
            #expect(try await rows(world) == 4)
            #expect(try await world.count("session_records") >= records)
            try await world.whileScheduling { try await $0.wait(for: .working, of: id) }
        }
    }

    @Test(arguments: ["session_credentials", "session_keys"])
    func damagedRowsFailTheSession(_ table: String) async throws {
        try await SchedulerWorld.run { world in
            let id = try await makeSession(world)
            let column = table == "session_keys" ? "wrapped_key" : "content"
            let names = (try #require(DatabaseName(table)), try #require(DatabaseName(column)))
            try await world.database.execute(
                "UPDATE \(names.0) SET \(names.1) = set_byte(\(names.1), 20, 255 - get_byte(\(names.1), 20))"
            )
            try await world.whileScheduling { scheduler in
                try await scheduler.wait(for: .failed, of: id)
                #expect(try await scheduler.state(of: id).reason == "unreadable_secrets")
                try await eventually {
                    try await scheduler.log(of: id, last: 10).contains { $0.level == .error }
                }
                // Asking again changes nothing.
                try await scheduler.start(id)
                try await scheduler.wait(for: .failed, of: id)
                #expect(try await scheduler.state(of: id).reason == "unreadable_secrets")
            }
            #expect(try await rows(world) == 2)
            try await world.database.execute(
                "UPDATE \(names.0) SET \(names.1) = set_byte(\(names.1), 20, 255 - get_byte(\(names.1), 20))"
            )
            try await world.whileScheduling { try await $0.wait(for: .working, of: id) }
        }
    }

    @Test func aNewMasterKeyTakesOverAtTheStart() async throws {
        try await SchedulerWorld.run { world in
            let id = try await makeSession(world)
            let (old, new) = (try MasterKey.test(), try MasterKey.test(9))
            try await world.whileScheduling(masterKeys: MasterKeyring(new, former: [old])) { scheduler in
                try await scheduler.wait(for: .working, of: id)
            }
            let stored = try await world.database.queryOne("SELECT master_key FROM session_keys")
            #expect(try stored?.decode("master_key") == new.id)
            // The old one is of no more use, and of no more need.
            try await world.whileScheduling(masterKeys: MasterKeyring(new)) { try await $0.wait(for: .working, of: id) }
            try await world.whileScheduling(masterKeys: MasterKeyring(old)) { scheduler in
                try await scheduler.wait(for: .failed, of: id)
                #expect(try await scheduler.state(of: id).reason == "other_master_key")
            }
        }
    }

    @Test func manyKeysAreWrappedAnewWithoutThoseThatNobodyKnows() async throws {
        try await withTestDatabase { database in
            let (old, new, lost) = (try MasterKey.test(1), try MasterKey.test(2), try MasterKey.test(3))
            let before = SessionRepository(database: database, masterKeys: MasterKeyring(old))
            for number in 0..<501 { _ = try await before.create("old-\(number)") }
            let unknown = SessionRepository(database: database, masterKeys: MasterKeyring(lost))
            _ = try await unknown.create("lost")
            let sessions = SessionRepository(database: database, masterKeys: MasterKeyring(new, former: [old]))
            let outcome = try await sessions.rewrapKeys()
            #expect(outcome == (501, 1))
            #expect(try await sessions.rewrapKeys() == (0, 1))
            let ids = try await sessions.all().map(\.id)
            let openings = try await sessions.open(ids)
            #expect(openings.values.count { (try? $0.get()) != nil } == 501)
            #expect(openings.values.count { $0.failure == .otherMasterKey } == 1)
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
