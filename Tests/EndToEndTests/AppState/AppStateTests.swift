import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(3)))
struct AppStateTests {
    private static let number = SandboxWorld.number
    private static let chat = JID(user: "15550002222", server: .user)

    /// A session that has all five collections.
    private func ready(_ world: SandboxWorld) async throws -> RunningSession {
        let session = try await world.person(Self.number, name: "Ada")
        try await session.knowsAppState()
        return session
    }

    @Test func aNewDeviceLearnsNameAndLanguage() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            #expect(session.changes.map(\.action) == [.pushName("Ada"), .locale("en_US")])
            #expect(session.changes.allSatisfy { $0.isInitial })
            #expect(await session.session.account?.pushName == "Ada")
            #expect(try await session.store.credentials()?.account?.pushName == "Ada")
            await session.session.stop()
        }
    }

    @Test func whatThePhoneChangesArrives() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            let chat = Self.chat.description
            for order in [
                #"{"action":"mute","chat":"15550002222"}"#, #"{"action":"pin","chat":"15550002222"}"#,
                #"{"action":"contact","chat":"15550002222","name":"Bob Bell"}"#,
                #"{"action":"star","chat":"15550002222","message":"3EB0"}"#,
                #"{"action":"push-name","name":"Ada B."}"#,
            ] {
                try await world.sandbox.changeAppState(order, at: Self.number)
            }
            try await eventually { session.changes.count == 7 }
            #expect(session.store.chats[chat]?.mutedUntil == .distantFuture)
            #expect(session.store.chats[chat]?.isPinned == true)
            #expect(session.store.contacts[chat]?.fullName == "Bob Bell")
            #expect(await session.session.account?.pushName == "Ada B.")
            let star = AppStateAction.star(AppStateMessage(chat: Self.chat, id: "3EB0", isFromMe: false), true)
            #expect(session.changes.contains { $0.action == star && !$0.isInitial })
            try await world.sandbox.changeAppState(
                #"{"action":"contact","chat":"15550002222","on":false}"#,
                at: Self.number
            )
            try await eventually { session.store.contacts[chat]?.fullName == nil }
            await session.session.stop()
        }
    }

    @Test func whatASessionChangesReachesThePhoneAndTheOtherDevice() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            let other = try await ready(world)
            try await session.session.changeAppState([
                .archive(chat: Self.chat, true, AppStateMessageRange(lastMessageAt: Date())),
                .mute(chat: Self.chat, until: .distantFuture),
            ])
            let chat = Self.chat.description
            #expect(session.store.chats[chat]?.isArchived == true)
            let low = try await world.sandbox.appState(of: Self.number, in: .regularLow)
            #expect(low.indexes == [["archive", chat], ["pin_v1", chat]])
            #expect(low.failure == nil && low.number == 1)
            try await eventually {
                other.store.chats[chat]?.isArchived == true && other.store.chats[chat]?.mutedUntil == .distantFuture
            }
            // The other one's next change stands on that one's.
            try await other.session.changeAppState([.mute(chat: Self.chat, until: nil)])
            try await eventually { session.store.chats[chat]?.mutedUntil == .distantPast }
            #expect(try await world.sandbox.appState(of: Self.number, in: .regularHigh).failure == nil)
            await session.session.stop()
            await other.session.stop()
        }
    }

    @Test func aConflictIsTriedAgainOnTopOfTheOtherChange() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            try await world.sandbox.breakAppState(conflicts: 2, of: Self.number)
            try await session.session.changeAppState([.pin(chat: Self.chat, true)])
            let state = try await world.sandbox.appState(of: Self.number, in: .regularLow)
            #expect(state.number == 3 && state.failure == nil)
            #expect(state.indexes == [["time_format"], ["pin_v1", Self.chat.description]])
            try await world.sandbox.breakAppState(conflicts: 100, of: Self.number)
            await #expect(throws: RequestError.refused(code: 409, text: "conflict", backOff: nil)) {
                try await session.session.changeAppState([.pin(chat: Self.chat, false)])
            }
            await session.session.stop()
        }
    }

    @Test func aKeyThatIsMissingIsAskedFor() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            try await world.sandbox.changeAppState(#"{"action":"rotate-key","withheld":true}"#, at: Self.number)
            try await world.sandbox.changeAppState(#"{"action":"mute","chat":"15550002222"}"#, at: Self.number)
            try await eventually { session.store.chats[Self.chat.description]?.mutedUntil == .distantFuture }
            // From now on it writes with the newer key.
            try await session.session.changeAppState([.mute(chat: Self.chat, until: nil)])
            #expect(try await world.sandbox.appState(of: Self.number, in: .regularHigh).failure == nil)
            await session.session.stop()
        }
    }

    @Test func aCollectionThatDoesNotFitIsFetchedAnew() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            try await world.sandbox.changeAppState(#"{"action":"mute","chat":"15550002222"}"#, at: Self.number)
            try await eventually { session.store.chats[Self.chat.description]?.mutedUntil == .distantFuture }
            var hash = LTHash()
            hash.add([1])
            var damage = StoreBatch()
            damage.put(.appStateVersion, "regular_high", AppStateVersion(number: 1, hash: hash).serialized + [0])
            _ = try await session.store.commit(damage)
            try await world.sandbox.changeAppState(
                #"{"action":"mute","chat":"15550002222","on":false}"#,
                at: Self.number
            )
            try await eventually { session.store.chats[Self.chat.description]?.mutedUntil == .distantPast }
            try await session.session.changeAppState([.mute(chat: Self.chat, until: .distantFuture)])
            #expect(try await world.sandbox.appState(of: Self.number, in: .regularHigh).failure == nil)
            await session.session.stop()
        }
    }

    @Test func whatWasChangedMeanwhileIsFetchedAfterTheNextLogin() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            let credentials = try #require(try await session.store.credentials())
            await session.session.stop()
            try await world.sandbox.changeAppState(#"{"action":"pin","chat":"15550002222"}"#, at: Self.number)
            let again = try await RunningSession.start(credentials, in: world, store: session.store)
            try await eventually { again.store.chats[Self.chat.description]?.isPinned == true }
            #expect(again.changes.count == 1)
            await again.session.stop()
        }
    }
}

extension RunningSession {
    var changes: [AppStateChange] {
        events.flatMap { event -> [AppStateChange] in
            if case .appState(let changes) = event { changes } else { [] }
        }
    }

    /// Waits until all five collections are there.
    func knowsAppState() async throws {
        let keys = AppStateCollection.allCases.map { RecordKey(.appStateVersion, $0.rawValue) }
        try await eventually { (try? await self.store.load(keys).count) == keys.count }
    }
}
