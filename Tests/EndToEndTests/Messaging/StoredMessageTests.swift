import Foundation
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// What messages that are kept serve for later: their secrets, and being sent again.
@Suite(.timeLimit(.minutes(4)))
struct StoredMessageTests {
    private static let poll = OutgoingPoll(name: "Lunch?", options: ["Yes", "No"])

    private func secret(in session: RunningSession, _ id: String) -> [UInt8]? {
        session.store.messages.first { $0.id == id }?.secret
    }

    private func text(_ text: String, secret: [UInt8]? = nil) -> WAMessage {
        var message = WAMessage()
        message.conversation = text
        if let secret { message.messageContextInfo.messageSecret = Data(secret) }
        return message
    }

    /// The poll is revoked and pinned in between, and everybody goes by two names.
    @Test func aSecretIsFoundUnderEveryNameAndStays() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let sent = try await ada.session.send(OutgoingMessage(.poll(Self.poll)), to: bob.jid)
            try await eventually { bob.messages.count == 1 }
            let mine = MessageTarget(chat: bob.jid, id: sent.id, isFromMe: true)
            _ = try await ada.session.send(OutgoingMessage(.pin(mine, .day)), to: bob.jid)
            _ = try await ada.session.send(OutgoingMessage(.revoke(mine)), to: bob.jid)
            try await eventually { bob.messages.count == 3 }
            let known = try #require(secret(in: ada, sent.id))
            for author in [ada.jid, ada.lid, ada.lid.with(device: 1)] {
                for (session, chats) in [(ada, [bob.jid, bob.lid]), (bob, [ada.jid, ada.lid])] {
                    for chat in chats {
                        let found = try await session.session.secret(of: sent.id, author: author, in: chat)
                        #expect(found == known, "\(author) in \(chat)")
                    }
                }
            }
            // Nobody else's, and in no other chat.
            #expect(try await bob.session.secret(of: sent.id, author: bob.jid, in: ada.jid) == nil)
            #expect(try await bob.session.secret(of: sent.id, author: ada.jid, in: bob.jid) == nil)
            for session in [ada, bob] {
                #expect(try await session.store.list(.messageSecret, prefix: "", after: nil, limit: 9).isEmpty)
                #expect(try await session.store.list(.sentMessage, prefix: "", after: nil, limit: 9).isEmpty)
            }
        }
    }

    /// Written on the phone: the copy for the companion has the secret of what others got.
    @Test func whatThePhoneWroteHasItsSecretHereToo() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let id = try await world.sandbox.act(
                .poll(name: "Lunch?", options: ["Yes", "No"], selectable: 1),
                at: ada.jid.user,
                in: bob.jid.user
            )
            try await eventually { ada.messages.count == 1 && bob.messages.count == 1 }
            let known = try #require(secret(in: bob, id))
            #expect(try await ada.session.secret(of: id, author: ada.jid, in: bob.jid) == known)
            #expect(ada.store.messages.first?.isFromMe == true)
        }
    }

    /// The history may be faster than the message, and had no secret.
    @Test func aMessageThatTheHistoryHadBroughtStillGivesItsSecret() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            let secret = [UInt8](repeating: 9, count: 32)
            var batch = StoreBatch()
            batch.messages = [
                StoredMessage(
                    chat: ada.lid.description,
                    sender: ada.lid.description,
                    id: "3EB0FROMHISTORY",
                    isFromMe: false,
                    timestamp: Date(),
                    kind: "text",
                    content: try text("twice").serializedBytes(),
                    isHistory: true
                )
            ]
            _ = try await bob.store.commit(batch)
            _ = try await ada.session.send(text("twice", secret: secret), to: bob.jid, id: "3EB0FROMHISTORY")
            try await eventually { await bob.session.counters.duplicates == 1 }
            #expect(try await bob.session.secret(of: "3EB0FROMHISTORY", author: ada.jid, in: ada.jid) == secret)
            #expect(bob.texts == ["before"])
        }
    }

    /// The key of a group is no part of what somebody has written in it.
    @Test func keysOfGroupsAreNotKeptWithMessages() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("one", to: group)
            try await eventually { bob.texts == ["one"] }
            // Bob loses the key, and gets the message pairwise with a key beside it.
            let name = "\(group)|\(ada.lid.with(device: await ada.device).signalName)"
            await bob.session.stop()
            var batch = StoreBatch()
            batch.delete(.senderKey, name)
            _ = try await bob.store.commit(batch)
            let again = try await bob.again(in: world)
            _ = try await ada.send("two", to: group)
            try await eventually { again.texts == ["two"] }
            #expect(await again.session.counters.decryptFailures == 1)
            let kept = try #require(bob.store.messages.first { $0.id == again.messages.last?.id })
            let message = try WAMessage(serializedBytes: kept.content)
            #expect(message.conversation == "two")
            #expect(!message.hasSenderKeyDistributionMessage)
            await again.session.stop()
        }
    }

    // MARK: Sent again

    private func ask(
        _ id: String,
        from device: JID,
        isPeer: Bool = false,
        _ world: SandboxWorld,
        _ ada: RunningSession
    ) async throws {
        let receipt = BinaryNode(
            "receipt",
            [
                "id": .text(id), "from": .jid(device), "type": "retry", "t": "1", "category": isPeer ? "peer" : nil,
            ],
            children: [BinaryNode("retry", ["v": "1", "id": .text(id), "t": "1", "count": "1"])]
        )
        try await world.sandbox.deliver(receipt, toDevice: await ada.device, of: ada.jid.user)
    }

    private func answers(_ world: SandboxWorld) async throws -> [BinaryNode] {
        try await world.sandbox.tappedMessages().filter { $0.child("enc")?.attributes["count"] != nil }
    }

    /// What was sent under the number is found by the LID, and nothing is given away that was not sent to whoever asks.
    @Test func onlyWhatWasSentLatelyIsSentAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            func stored(_ id: String, _ change: (inout StoredMessage) -> Void) throws -> StoredMessage {
                var message = StoredMessage(
                    chat: bob.jid.description,
                    sender: ada.jid.description,
                    id: id,
                    isFromMe: true,
                    timestamp: Date(),
                    kind: "text",
                    content: try text(id).serializedBytes(),
                    status: .sent
                )
                change(&message)
                return message
            }
            var batch = StoreBatch()
            batch.messages = [
                try stored("3EB0OLD") { $0.timestamp = Date(timeIntervalSinceNow: -5 * 86_400) },
                try stored("3EB0HISTORY") { $0.isHistory = true },
                try stored("3EB0OTHERCHAT") { $0.chat = "15550009999@s.whatsapp.net" },
                try stored("3EB0THEIRS") {
                    $0.isFromMe = false
                    $0.sender = bob.jid.description
                },
                try stored("3EB0BYNUMBER") { _ in },
            ]
            _ = try await ada.store.commit(batch)
            try await world.sandbox.tapMessages()
            let device = bob.lid.with(device: await bob.device)
            for message in batch.messages { try await ask(message.id, from: device, world, ada) }
            try await eventually { bob.texts.last == "3EB0BYNUMBER" }
            #expect(try await answers(world).map { $0.attributes.text("id") } == ["3EB0BYNUMBER"])
        }
    }

    /// A request to the own phone is kept nowhere but in memory, and is repeated all the same.
    @Test func whatThePhoneCouldNotReadItGetsAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await world.sandbox.tapMessages()
            let id = try await ada.session.requestHistory(
                chat: bob.jid,
                before: (id: "3EB0", isFromMe: false, timestamp: Date())
            )
            try await ask(id, from: ada.jid, isPeer: true, world, ada)
            try await eventually { try await !answers(world).isEmpty }
            let again = try #require(try await answers(world).first)
            #expect(again.attributes.text("id") == id)
            #expect(again.attributes.text("category") == "peer")
            #expect(again.child("meta")?.attributes.text("appdata") == "default")
            // Others do not get it, whatever they call themselves.
            try await ask(id, from: bob.lid.with(device: await bob.device), isPeer: true, world, ada)
            let sent = try await ada.send("after", to: bob.jid)
            try await ask(sent.id, from: bob.lid.with(device: await bob.device), world, ada)
            try await eventually { try await answers(world).count == 2 }
            #expect(try await answers(world).last?.attributes.text("id") == sent.id)
        }
    }
}
