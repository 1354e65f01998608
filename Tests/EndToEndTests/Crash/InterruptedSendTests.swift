import Foundation
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// What was on its way when a session's process died.
@Suite(.timeLimit(.minutes(3)))
struct InterruptedSendTests {
    /// A text that was stored and of which the service has said nothing.
    private func pending(
        _ text: String,
        id: String,
        from sender: JID,
        to chat: JID,
        secondsAgo: Double
    ) throws -> StoredMessage {
        var content = WAMessage()
        content.conversation = text
        return StoredMessage(
            chat: chat.description,
            sender: sender.description,
            id: id,
            isFromMe: true,
            timestamp: Date(timeIntervalSinceNow: -secondsAgo),
            kind: "text",
            content: try content.serializedBytes(),
            status: .pending
        )
    }

    /// Leaves messages behind as a process does that dies.
    private func leave(_ messages: [StoredMessage], in session: RunningSession) async throws {
        await session.session.stop()
        var batch = StoreBatch()
        batch.messages = messages
        let since = messages.map(\.timestamp.timeIntervalSince1970).min() ?? 0
        batch.put(.setting, "sending_since", Array(String(Int(since)).utf8))
        _ = try await session.store.commit(batch)
    }

    private func status(_ id: String, in session: RunningSession) -> MessageStatus? {
        session.store.messages.first { $0.id == id }?.status
    }

    private func mark(_ session: RunningSession) async throws -> [UInt8]? {
        try await session.store.load(.setting, "sending_since")
    }

    @Test func whatWasOnItsWayGoesOutUnderItsIdBeforeAnythingNew() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let before = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            try await leave(
                [
                    // The service had this one; only its word got lost.
                    pending("before", id: before.id, from: ada.jid, to: bob.jid, secondsAgo: 40),
                    pending("one", id: "3EB0000000000000000001", from: ada.lid, to: bob.lid, secondsAgo: 30),
                    pending("two", id: "3EB0000000000000000002", from: ada.lid, to: bob.lid, secondsAgo: 20),
                ],
                in: ada
            )
            let again = try await RunningSession.start(
                try #require(try await ada.store.credentials()),
                in: world,
                store: ada.store,
                isAwaited: false
            )
            // Sent as soon as anything can be.
            try await eventually { (try? await again.send("three", to: bob.jid)) != nil }
            try await eventually { bob.texts.count == 4 }
            #expect(bob.texts == ["before", "one", "two", "three"])
            let ids = bob.messages.map(\.id)
            #expect(ids.dropFirst().prefix(2) == ["3EB0000000000000000001", "3EB0000000000000000002"])
            #expect(await bob.session.counters.duplicates == 1)
            try await eventually { !again.store.messages.contains { $0.status == .pending } }
            await again.session.stop()
            #expect(try await mark(again) == nil)
        }
    }

    @Test func whatMustNotBeSentAgainHasFailed() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let channel = JID(user: "120363000000000009", server: .newsletter)
            let stranger = JID(user: "15550007777", server: .user)
            try await leave(
                [
                    pending("old", id: "3EB0000000000000000001", from: ada.lid, to: bob.lid, secondsAgo: 700),
                    pending("post", id: "3EB0000000000000000002", from: channel, to: channel, secondsAgo: 5),
                    pending("theirs", id: "3EB0000000000000000003", from: stranger, to: bob.lid, secondsAgo: 5),
                ],
                in: ada
            )
            let again = try await ada.again(in: world)
            let failed = again.store.messages.filter { $0.id.hasPrefix("3EB00000000000000000") }
            #expect(failed.count == 3)
            #expect(failed.allSatisfy { $0.failure == .interrupted })
            try await eventually { Set(again.receipts.filter { $0.status == .failed }.flatMap(\.ids)).count == 3 }
            _ = try await again.send("after", to: bob.jid)
            try await eventually { bob.texts == ["after"] }
            await again.session.stop()
        }
    }

    /// Whoever sent it is told, and nobody sends it again.
    @Test func aStopLeavesNothingInDoubt() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            let scope = FaultScope(number: ada.jid.user, device: await ada.device)
            try await world.sandbox.inject(.loseAck, scope: scope)
            let sending = Task { try await ada.send("in doubt", to: bob.jid) }
            try await eventually { bob.texts == ["before", "in doubt"] }
            await ada.session.stop()
            await #expect(throws: SendError.notConnected) { _ = try await sending.value }
            #expect(ada.store.messages.map(\.failure).contains(.unconfirmed))
            #expect(!ada.store.messages.contains { $0.isFromMe && $0.status == .pending })
            #expect(try await mark(ada) == nil)
        }
    }
}
