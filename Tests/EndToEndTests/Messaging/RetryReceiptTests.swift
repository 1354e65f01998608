import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Others that could not read what a session has sent.
@Suite(.timeLimit(.minutes(4)))
struct RetryReceiptTests {
    /// A retry receipt of Bob's companion, as the service brings it to Ada's.
    private func ask(
        _ id: String,
        count: Int,
        registration: UInt32,
        keys: BinaryNode? = nil,
        from bob: RunningSession,
        _ world: SandboxWorld,
        _ ada: RunningSession
    ) async throws {
        let registration = BinaryNode(
            "registration",
            bytes: withUnsafeBytes(of: registration.bigEndian) { Array($0) }
        )
        let retry = BinaryNode("retry", ["v": "1", "id": .text(id), "t": "1", "count": .text(String(count))])
        let receipt = BinaryNode(
            "receipt",
            [
                "id": .text(id), "from": .jid(bob.lid.with(device: await bob.device)), "type": "retry", "t": "1",
            ],
            children: [retry, registration] + [keys].compactMap { $0 }
        )
        try await world.sandbox.deliver(receipt, toDevice: await ada.device, of: ada.jid.user)
    }

    private func answers(_ world: SandboxWorld, to id: String) async throws -> [BinaryNode] {
        try await world.sandbox.tappedMessages().filter {
            $0.attributes.text("id") == id && $0.child("participants") == nil
        }
    }

    /// Ada has written, and Bob has answered, so that no session begins any more.
    private func withConversation(
        _ body: (SandboxWorld, RunningSession, RunningSession, SentMessage) async throws -> Void
    ) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let sent = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            _ = try await bob.send("aye", to: ada.jid)
            try await eventually { ada.texts == ["aye"] }
            try await world.sandbox.tapMessages()
            try await body(world, ada, bob, sent)
        }
    }

    @Test func whoLostNothingGetsItInTheSameSession() async throws {
        try await withConversation { world, ada, bob, sent in
            let own = await bob.session.credentials.registrationID
            try await ask(sent.id, count: 1, registration: own, from: bob, world, ada)
            try await eventually { try await answers(world, to: sent.id).count == 1 }
            let answer = try #require(try await answers(world, to: sent.id).first)
            #expect(answer.attributes.jid("to") == bob.lid.with(device: await bob.device))
            #expect(answer.child("enc")?.attributes.text("type") == "msg")
            #expect(answer.child("enc")?.attributes.text("count") == "1")
            // It is known already.
            try await eventually { await bob.session.counters.duplicates == 1 }
            #expect(bob.texts == ["hello"])
        }
    }

    @Test func anotherRegistrationBeginsANewSession() async throws {
        try await withConversation { world, ada, bob, sent in
            let other = await bob.session.credentials.registrationID ^ 1
            try await ask(sent.id, count: 1, registration: other, from: bob, world, ada)
            try await eventually { try await answers(world, to: sent.id).count == 1 }
            let answer = try #require(try await answers(world, to: sent.id).first)
            #expect(answer.child("enc")?.attributes.text("type") == "pkmsg")
            #expect(answer.child("device-identity") != nil)
            _ = try await ada.send("and on", to: bob.jid)
            try await eventually { bob.texts == ["hello", "and on"] }
        }
    }

    @Test func theKeysThatComeAlongAreUsed() async throws {
        try await withConversation { world, ada, bob, sent in
            let keys = await bob.session.freshKeys()
            let own = await bob.session.credentials.registrationID
            try await ask(sent.id, count: 2, registration: own, keys: keys, from: bob, world, ada)
            try await eventually { try await answers(world, to: sent.id).count == 1 }
            let bytes = try #require(try await answers(world, to: sent.id).first?.child("enc")?.bytes)
            let message = try WAPreKeySignalMessage(serializedBytes: Array(bytes.dropFirst()))
            let id = try #require(keys.child("key")?.child("id")?.bytes).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            #expect(message.preKeyID == id)
            try await eventually { await bob.session.counters.duplicates == 1 }
            #expect(await bob.session.counters.decryptFailures == 0)
        }
    }

    @Test func whatIsNotToBeAnsweredIsNot() async throws {
        try await withConversation { world, ada, bob, sent in
            let own = await bob.session.credentials.registrationID
            // Asked for often enough, with keys that nobody has signed, for a message that nobody knows.
            try await ask(sent.id, count: 5, registration: own, from: bob, world, ada)
            var keys = await bob.session.freshKeys()
            keys.content = .nodes(
                keys.children.map { child in
                    guard child.tag == "skey" else { return child }
                    let parts = child.children.map {
                        $0.tag == "signature" ? BinaryNode("signature", bytes: [UInt8](repeating: 1, count: 64)) : $0
                    }
                    return BinaryNode("skey", children: parts)
                }
            )
            try await ask(sent.id, count: 2, registration: own, keys: keys, from: bob, world, ada)
            try await ask("3EB0FFFFFFFFFFFFFFFFFF", count: 1, registration: own, from: bob, world, ada)
            // A companion that its phone has not signed.
            var stranger = await bob.session.freshKeys()
            stranger.content = .nodes(
                stranger.children.map { child in
                    guard child.tag == "device-identity", let bytes = child.bytes,
                        var identity = try? WAADVSignedDeviceIdentity(serializedBytes: Array(bytes))
                    else { return child }
                    identity.accountSignature[10] ^= 1
                    return BinaryNode("device-identity", bytes: (try? identity.serializedBytes()) ?? [])
                }
            )
            try await ask(sent.id, count: 2, registration: own, keys: stranger, from: bob, world, ada)
            // Worked through in order: what can be answered comes last.
            try await ask(sent.id, count: 1, registration: own, from: bob, world, ada)
            try await eventually { try await !answers(world, to: sent.id).isEmpty }
            let given = try await world.sandbox.tappedMessages()
                .compactMap { $0.child("enc")?.attributes.text("count") }
            #expect(given == ["1"])
        }
    }

    /// While keys are fetched for one who asks again, others write and are written to.
    @Test func questionsHoldUpNoMessages() async throws {
        try await withConversation { world, ada, bob, sent in
            try await world.sandbox.inject(
                .mute(namespace: "encrypt", child: "key"),
                scope: FaultScope(number: ada.jid.user)
            )
            let other = await bob.session.credentials.registrationID ^ 1
            try await ask(sent.id, count: 1, registration: other, from: bob, world, ada)
            for number in 0..<5 { _ = try await bob.send("\(number)", to: ada.jid) }
            try await eventually { ada.texts == ["aye", "0", "1", "2", "3", "4"] }
            _ = try await ada.send("still here", to: bob.jid)
            try await eventually { bob.texts == ["hello", "still here"] }
            #expect(try await answers(world, to: sent.id).isEmpty)
        }
    }

    /// Somebody who has left asks for an old message, and gets it without the key of what is written now.
    @Test func whoHasLeftGetsNoNewKey() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let eve = try await world.person("15550003333", name: "Eve")
            let group = try await ada.harbour(with: [bob, eve])
            let sent = try await ada.send("before", to: group)
            try await eventually { bob.texts == ["before"] && eve.texts == ["before"] }
            _ = try await ada.session.change(.remove, [eve.lid], in: group)
            try await eventually { try await ada.store.load(.ownSenderKey, group.description) == nil }
            try await world.sandbox.tapMessages()
            _ = try await ada.send("after", to: group)
            try await eventually { bob.texts == ["before", "after"] }
            let stanza = try #require(try await world.sandbox.tappedMessages().first)
            let keyed = stanza.child("participants")?.children("to").compactMap { $0.attributes.jid("jid")?.user }
            #expect(Set(keyed ?? []) == [ada.lid.user, bob.lid.user])
            let key = try #require(try await ada.store.load(.ownSenderKey, group.description))
            #expect(!(try SharedSenderKey(encoded: key)).devices.contains { $0.hasPrefix(eve.lid.user) })
            let retry = BinaryNode("retry", ["v": "1", "id": .text(sent.id), "t": "1", "count": "1"])
            let registration = await eve.session.credentials.registrationID
            let receipt = BinaryNode(
                "receipt",
                [
                    "id": .text(sent.id), "from": .jid(group), "type": "retry", "t": "1",
                    "participant": .jid(eve.lid.with(device: await eve.device)),
                ],
                children: [
                    retry,
                    BinaryNode("registration", bytes: withUnsafeBytes(of: registration.bigEndian) { Array($0) }),
                ]
            )
            try await world.sandbox.deliver(receipt, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { try await answers(world, to: sent.id).count == 1 }
            try await eventually { await eve.session.counters.duplicates == 1 }
            _ = try await ada.send("more", to: group)
            try await eventually { bob.texts.last == "more" }
            #expect(eve.texts == ["before"])
            let name = "\(group)|\(ada.lid.with(device: await ada.device).signalName)"
            #expect(try await eve.store.load(.senderKey, name) == nil)
            await eve.session.stop()
        }
    }
}
