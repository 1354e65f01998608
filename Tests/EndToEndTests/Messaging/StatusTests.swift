import Foundation
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp
@testable import WhatsAppSandbox

/// Status posts, the answers of bots, and the tokens that strangers are asked for.
@Suite(.timeLimit(.minutes(4)))
struct StatusTests {
    private let list = JID(user: "status", server: .broadcast)

    /// What was sent for people to see; devices tell each other things at any time.
    private func posts(_ world: SandboxWorld) async throws -> [BinaryNode] {
        try await world.sandbox.tappedMessages().filter { $0.attributes.text("category") != "peer" }
    }

    @Test func contactsSeeAStatusAndItsEnd() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await ada.knowsAppState()
            try await world.sandbox.changeAppState(
                #"{"action":"contact","chat":"15550002222","name":"Bob Bell"}"#,
                at: ada.jid.user
            )
            try await eventually { ada.store.contacts[bob.jid.description]?.fullName == "Bob Bell" }
            try await world.sandbox.tapMessages()
            let first = try await ada.send("at sea", to: list)
            _ = try await ada.send("still at sea", to: list)
            try await eventually { bob.texts == ["at sea", "still at sea"] }
            #expect(bob.messages.allSatisfy { $0.chat == list && $0.sender == ada.lid })
            var revoke = WAMessage()
            revoke.protocolMessage.type = .revoke
            revoke.protocolMessage.key.id = first.id
            revoke.protocolMessage.key.fromMe = true
            revoke.protocolMessage.key.remoteJid = list.description
            _ = try await ada.session.send(revoke, to: list)
            try await eventually { bob.messages.count == 3 }
            let stanzas = try await posts(world)
            let settings = stanzas.map { $0.child("meta")?.attributes.text("status_setting") }
            #expect(settings == ["contacts", "contacts", nil])
            #expect(stanzas.allSatisfy { $0.attributes["addressing_mode"] == nil && $0.attributes["phash"] == nil })
            // Who has the key is named without a device.
            let named = stanzas[1].child("participants")?.children("to").compactMap { $0.attributes.jid("jid") }
            #expect(named?.contains(bob.lid) == true)
            // A device that could not read it gets it again, with what it says of its audience.
            let retry = BinaryNode(
                "receipt",
                [
                    "id": .text(first.id), "from": .jid(list), "type": "retry", "t": "1",
                    "participant": .jid(bob.lid.with(device: await bob.device)),
                ],
                children: [BinaryNode("retry", ["v": "1", "id": .text(first.id), "t": "1", "count": "1"])]
            )
            try await world.sandbox.deliver(retry, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { try await posts(world).count == 4 }
            let again = try #require(try await posts(world).last)
            #expect(again.child("meta")?.attributes.text("status_setting") == "contacts")
            #expect(again.attributes["addressing_mode"] == nil)
            #expect(await bob.session.counters.decryptFailures == 0)
        }
    }

    /// The address book may have somebody twice, by number and by LID.
    @Test func nobodyIsInTheAudienceTwice() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("hello", to: bob.jid)
            var batch = StoreBatch()
            for name in [bob.jid, bob.lid] { batch.put(.addressBook, name.description, []) }
            _ = try await ada.session.commit(batch)
            try await world.sandbox.tapMessages()
            _ = try await ada.send("at sea", to: list)
            let stanza = try #require(try await posts(world).first)
            let named = stanza.child("participants")?.children("to").compactMap { $0.attributes.jid("jid") } ?? []
            #expect(Set(named).count == named.count)
            #expect(named.count { $0.user == bob.lid.user && $0.device != 0 } == 1)
        }
    }

    /// `msmsg`: encrypted under the secret of the message that the bot answers.
    @Test func theAnswerOfABotIsOpened() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let bot = JID(user: "867051314767696", server: .bot)
            let secret = [UInt8](repeating: 7, count: 32)
            var question = WAMessage()
            question.conversation = "What is a wharf?"
            question.messageContextInfo.messageSecret = .init(secret)
            let sent = try await ada.session.send(question, to: bob.jid)
            func answer(_ id: String, _ text: String, target: String, damage: Bool = false) throws -> BinaryNode {
                var content = WAMessage()
                content.conversation = text
                var random = SystemRandomNumberGenerator()
                let key = AddOnKey(
                    secret: BotSecret.derive(from: secret),
                    target: target,
                    author: sent.chat.server == .lid ? ada.lid : ada.jid,
                    modifier: bot,
                    use: .botMessage
                )
                var sealed = key.seal(try content.serializedBytes(), using: &random)
                if damage { sealed.payload[0] ^= 1 }
                var envelope = WAMessageSecretMessage()
                envelope.version = 1
                envelope.encPayload = .init(sealed.payload)
                envelope.encIv = .init(sealed.nonce)
                let author = sent.chat.server == .lid ? ada.lid : ada.jid
                return BinaryNode(
                    "message",
                    [
                        "id": .text(id), "from": .jid(sent.chat), "participant": .jid(bot), "type": "text",
                        "t": "1766000000",
                    ],
                    children: [
                        BinaryNode("meta", ["target_id": .text(target), "target_sender_jid": .jid(author)]),
                        BinaryNode(
                            "enc",
                            ["v": "2", "type": "msmsg"],
                            bytes: try envelope.serializedBytes() as [UInt8]
                        ),
                    ]
                )
            }
            let device = await ada.device
            let good = try answer("A1", "A place for ships.", target: sent.id)
            let damaged = try answer("A2", "x", target: sent.id, damage: true)
            let lost = try answer("A3", "x", target: "3EB0FFFFFFFFFFFFFFFFFF")
            for stanza in [damaged, lost, good] {
                try await world.sandbox.deliver(stanza, toDevice: device, of: ada.jid.user)
            }
            try await eventually { ada.texts == ["A place for ships."] }
            #expect(ada.messages.first?.sender == bot)
            try await eventually {
                try await world.sandbox.recentStanzas()
                    .count { $0.hasPrefix("received <ack") && $0.contains(#"error="495""#) } == 2
            }
        }
    }

    @Test func aStrangerIsWrittenToOnceThereIsAToken() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await world.sandbox.onLoop { engine in
                engine.perform { $0.accounts[bob.jid.user].demandsTokens = true }
            }
            await #expect(throws: SendError.refused(code: 463)) { _ = try await ada.send("hello?", to: bob.jid) }
            #expect(ada.restrictions.contains { $0.isReachOutLocked })
            // Whoever writes gives the other the token to write back with.
            try await world.sandbox.act(.text("hello"), at: bob.jid.user, in: ada.jid.user)
            try await eventually { ada.texts == ["hello"] }
            try await eventually { try await ada.store.load(.privacyToken, bob.lid.description) != nil }
            try await world.sandbox.tapMessages()
            _ = try await ada.send("hello!", to: bob.jid)
            try await eventually { bob.texts.last == "hello!" }
            let stanza = try #require(try await world.sandbox.tappedMessages().first)
            let stored = try #require(try await ada.store.load(.privacyToken, bob.lid.description))
            #expect(stanza.child("tctoken")?.bytes.map { Array($0) } == (try PrivacyToken(encoded: stored)).token)
            // Ours is given in return.
            try await eventually { try await bob.store.load(.privacyToken, ada.lid.description) != nil }
            // Never to the own devices, nor to a group.
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("all", to: group)
            _ = try await ada.send("note to self", to: ada.jid)
            let rest = try await world.sandbox.tappedMessages().dropFirst()
            #expect(rest.count == 2 && rest.allSatisfy { $0.child("tctoken") == nil })
        }
    }
}
