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
            // The service is told, of the name alone.
            try await eventually {
                try await world.sandbox.recentStanzas().contains {
                    $0.hasPrefix("received <presence") && $0.contains("Ada B.") && !$0.contains("type=")
                }
            }
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

    /// Everything that one device of an account changes the other is told of, as it was meant.
    @Test func everyActionIsTheSameOnTheOtherDevice() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            let other = try await ready(world)
            let before = other.changes.count
            let (chat, lid) = (Self.chat, JID(user: "200000000000077", server: .lid))
            let group = JID(user: "120363000000000001", server: .group)
            let message = AppStateMessage(chat: group, id: "3EB0", isFromMe: false, participant: chat)
            let at = Date(timeIntervalSince1970: 1_900_000_000)
            let range = AppStateMessageRange(lastMessageAt: at, messages: [.init(message: message, timestamp: at)])
            let label = AppStateLabel(id: "7", name: "Paid", color: 3, position: 2)
            let reply = AppStateQuickReply(id: "r", shortcut: "hi", message: "Hello", keywords: ["a"], count: 2)
            let actions: [AppStateAction] = [
                .mute(chat: chat, until: at), .mute(chat: chat, until: nil), .pin(chat: chat, true),
                .archive(chat: chat, false, range), .markRead(chat: chat, false, range),
                .markRead(chat: chat, true, range), .star(message, true), .star(message, false),
                .deleteForMe(message, deletesMedia: true, sentAt: at),
                .clear(chat: chat, deletesStarred: true, deletesMedia: false, range),
                .delete(chat: chat, deletesMedia: true, range), .lock(chat: chat, true),
                .contact(AppStateContact(jid: chat, fullName: "Bob Bell", firstName: "Bob", lid: lid)),
                .contact(AppStateContact(jid: lid, fullName: "Bob")), .removeContact(chat), .pushName("Ada B."),
                .locale("id_ID"), .label(label), .labelChat(label: "7", chat: chat, true),
                .labelMessage(label: "7", chat: chat, message: "3EB0", true), .labelChat(label: "7", chat: chat, false),
                .quickReply(reply), .muteStatus(of: chat, true), .linkPreviewsDisabled(true), .unarchivesChats(true),
                .phone(chat, ofLID: lid), .contactTokenSalt([1, 2, 3]), .contactTokenSalt(nil),
            ]
            for action in actions { try await session.session.changeAppState([action]) }
            try await eventually {
                let told = other.changes.dropFirst(before).compactMap(\.action)
                return actions.allSatisfy { told.contains($0) }
            }
            for collection in AppStateCollection.allCases {
                #expect(try await world.sandbox.appState(of: Self.number, in: collection).failure == nil)
            }
            await session.session.stop()
            await other.session.stop()
        }
    }

    @Test func labelsCanBeAskedForOnEveryDevice() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            let bob = try await world.person("15550002222", name: "Bob")
            _ = try await session.send("hello", to: bob.jid)
            let paid = AppStateLabel(id: "7", name: "Paid", color: 3, predefinedID: 0, position: 2)
            let late = AppStateLabel(id: "8", name: "Late", position: 1)
            let group = JID(user: "120363000000000001", server: .group)
            try await session.session.changeAppState([
                .label(paid), .label(late), .labelChat(label: "7", chat: bob.lid, true),
                .labelChat(label: "7", chat: group, true), .labelChat(label: "8", chat: group, true),
                .labelMessage(label: "7", chat: group, message: "3EB0", true),
            ])
            // One that is linked later has it from the snapshot.
            let other = try await ready(world)
            for device in [session, other] {
                try await eventually { try await device.session.labels() == [late, paid] }
                #expect(try await device.session.labels(of: group) == [late, paid])
                #expect(Set(try await device.session.chats(withLabel: "7")) == [bob.lid, group])
            }
            #expect(try await session.session.labels(of: bob.jid) == [paid])
            var gone = late
            gone.isDeleted = true
            try await other.session.changeAppState([.label(gone), .labelChat(label: "7", chat: group, false)])
            try await eventually { try await session.session.labels() == [paid] }
            #expect(try await session.session.labels(of: group).isEmpty)
            #expect(try await session.store.list(.labelled, prefix: "8|", after: nil, limit: 9).isEmpty)
            await bob.session.stop()
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
            // Told once it is stored.
            try await eventually { !again.changes.isEmpty }
            #expect(again.store.chats[Self.chat.description]?.isPinned == true)
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
