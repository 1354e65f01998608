import Foundation
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// What lies outside the stanzas, what a change is meant for, and keys that another device has.
@Suite(.timeLimit(.minutes(3)))
struct AppStateBlobTests {
    private static let number = SandboxWorld.number

    private func ready(_ world: SandboxWorld) async throws -> RunningSession {
        let session = try await RunningSession.start(try await world.link(), in: world)
        try await session.knowsAppState()
        return session
    }

    private func muted(_ session: RunningSession) -> Int {
        session.store.chats.values.count { $0.mutedUntil == .distantFuture }
    }

    /// More than a patch holds lies in a file; a device that comes later is given a snapshot of all.
    @Test func filesOfMutationsAndSnapshotsAreTakenIn() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            try await world.sandbox.changeAppState(#"{"action":"many","count":150}"#, at: Self.number)
            try await eventually { muted(session) == 150 }
            for index in 0..<22 {
                try await world.sandbox.changeAppState(
                    #"{"action":"mute","chat":"\#(1_777_000_000 + index)"}"#,
                    at: Self.number
                )
            }
            try await eventually { muted(session) == 172 }
            // Two snapshots in a row do not fit together; then the phone's own copy is taken.
            try await world.sandbox.breakAppState(wrongSnapshots: 1, of: Self.number)
            let later = try await ready(world)
            try await eventually { muted(later) == 172 }
            #expect(later.changes.contains { $0.isInitial })
            let before = try await session.store.list(.appStateMAC, prefix: "regular_high|", after: nil, limit: 1_000)
            let after = try await later.store.list(.appStateMAC, prefix: "regular_high|", after: nil, limit: 1_000)
            #expect(before.count == 172)
            #expect(before.map(\.name) == after.map(\.name) && before.map(\.value) == after.map(\.value))
            // Both write on top of the same state.
            let chat = JID(user: "1777000000", server: .user)
            try await later.session.changeAppState([.mute(chat: chat, until: nil)])
            try await eventually { session.store.chats[chat.description]?.mutedUntil == .distantPast }
            #expect(try await world.sandbox.appState(of: Self.number, in: .regularHigh).failure == nil)
            await session.session.stop()
            await later.session.stop()
        }
    }

    /// A deletion is meant for what was there: a chat that has gone on since stays.
    @Test func aDeletionReachesWhatWasThereAndNoFurther() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await ada.knowsAppState()
            let chat = bob.jid.description
            for state in ["pin", "mute"] {
                try await world.sandbox.changeAppState(#"{"action":"\#(state)","chat":"15550002222"}"#, at: Self.number)
            }
            try await eventually { ada.store.chats[chat]?.isPinned == true && ada.store.chats[chat]?.mutedUntil != nil }
            // A message from the future, as it were: newer than the deletion that follows.
            let stored = StoredMessage(
                chat: chat,
                sender: chat,
                id: "NEW",
                isFromMe: false,
                timestamp: Date().addingTimeInterval(60),
                kind: "text",
                content: []
            )
            var batch = StoreBatch()
            batch.messages = [stored]
            _ = try await ada.store.commit(batch)
            let told = ada.changes.count
            try await world.sandbox.changeAppState(#"{"action":"delete-chat","chat":"15550002222"}"#, at: Self.number)
            try await eventually { ada.changes.count == told + 1 }
            #expect(ada.store.chats[chat] != nil)
            let other = JID(user: "15550004444", server: .user)
            try await world.sandbox.changeAppState(#"{"action":"pin","chat":"15550004444"}"#, at: Self.number)
            try await eventually { ada.store.chats[other.description]?.isPinned == true }
            try await world.sandbox.changeAppState(#"{"action":"delete-chat","chat":"15550004444"}"#, at: Self.number)
            try await eventually { ada.store.chats[other.description] == nil }
        }
    }

    @Test func whatASessionClearsAndDeletesThePhoneReads() async throws {
        try await SandboxWorld.run { world in
            let session = try await ready(world)
            let chat = JID(user: "15550002222", server: .user)
            let range = AppStateMessageRange(lastMessageAt: Date())
            try await session.session.changeAppState([
                .clear(chat: chat, deletesStarred: false, deletesMedia: true, range),
                .delete(chat: chat, deletesMedia: true, range), .markRead(chat: chat, true, range),
            ])
            let high = try await world.sandbox.appState(of: Self.number, in: .regularHigh)
            #expect(high.failure == nil)
            #expect(high.indexes.contains(["clearChat", chat.description, "0", "1"]))
            #expect(high.indexes.contains(["deleteChat", chat.description, "1"]))
            let low = try await world.sandbox.appState(of: Self.number, in: .regularLow)
            #expect(low.failure == nil && low.indexes.contains(["markChatAsRead", chat.description]))
            await session.session.stop()
        }
    }

    /// One companion asks another for a key; only a device of the account's own list is given any.
    @Test func keysAreSharedWithTheAccountsOtherDevices() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await ada.knowsAppState()
            let second = try await ready(world)
            let keys = try await second.store.list(.appStateKey, prefix: "", after: nil, limit: 10)
            let key = try #require(keys.first)
            var loss = StoreBatch()
            loss.delete(.appStateKey, key.name)
            _ = try await second.store.commit(loss)
            var question = WAMessage()
            question.protocolMessage.type = .appStateSyncKeyRequest
            question.protocolMessage.appStateSyncKeyRequest.keyIds = [
                .with { $0.keyID = Data(AppStateKeyID(recordName: key.name)?.bytes ?? []) }
            ]
            try await second.session.sendPeerMessage(question, to: ada.jid.with(device: await ada.device))
            try await eventually { try await second.store.load(.appStateKey, key.name) != nil }
            let id = try #require(AppStateKeyID(recordName: key.name))
            let shared = try #require(try await second.store.load(.appStateKey, key.name))
            let contents = try [shared, key.value].map { try WAAppStateSyncKeyData(serializedBytes: $0).keyData }
            #expect(contents[0] == contents[1] && AppStateKeys(id: id, record: shared) != nil)
            #expect(ada.notes.contains { $0.contains("has been given app-state keys") })
            // Somebody else asks in vain.
            _ = try await bob.session.send(question, to: ada.jid)
            _ = try await bob.send("well?", to: ada.jid)
            try await eventually { ada.texts == ["well?"] }
            #expect(ada.notes.count { $0.contains("has been given app-state keys") } == 1)
            await second.session.stop()
        }
    }
}
