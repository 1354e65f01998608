import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp
@testable import WhatsAppSandbox

/// Keys that have changed or run out, and what becomes of the messages.
@Suite(.timeLimit(.minutes(4)))
struct KeyFaultTests {
    @Test func aPhoneThatIsSetUpAnewIsWrittenToWithItsNewKeys() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            try await world.sandbox.inject(.reinstall, scope: FaultScope(number: bob.jid.user))
            #expect(try await bob.stopped() == .loggedOut)
            let changed = try await ada.first { if case .identityChanged(let jid) = $0 { jid } else { nil } }
            #expect(changed == bob.jid || changed == bob.lid)
            let sent = try await ada.send("hello again", to: bob.jid)
            try await eventually {
                try await world.sandbox.messages(of: bob.jid.user).contains { $0.id == sent.id }
            }
            let next = try await RunningSession.start(try await world.link(bob.jid.user), in: world)
            _ = try await ada.send("both of you", to: bob.jid)
            try await eventually { next.texts == ["both of you"] }
            await next.session.stop()
        }
    }

    @Test func whoHasNoOneTimeKeysLeftIsWrittenToAllTheSame() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await world.sandbox.inject(.exhaustPreKeys, scope: FaultScope(number: bob.jid.user))
            try await world.sandbox.tapMessages()
            _ = try await ada.send("hello", to: bob.jid)
            _ = try await ada.send("there", to: bob.jid)
            try await eventually { bob.texts == ["hello", "there"] }
            _ = try await bob.send("aye", to: ada.jid)
            try await eventually { ada.texts == ["aye"] }
            let device = await bob.device
            let ciphertexts = try await world.sandbox.tappedMessages()
                .flatMap { $0.child("participants")?.children("to") ?? [] }
                .filter { $0.attributes.jid("jid")?.device == device && $0.attributes.jid("jid")?.user == bob.lid.user }
                .compactMap { $0.child("enc") }
            let first = try #require(ciphertexts.first?.bytes)
            #expect(try WAPreKeySignalMessage(serializedBytes: Array(first.dropFirst())).hasPreKeyID == false)
        }
    }

    @Test func fewOneTimeKeysAreFilledUp() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let before = try await ada.store.list(.preKey, prefix: "", after: nil, limit: 5_000).count
            let notice = BinaryNode(
                "notification",
                ["from": .jid(.server), "type": "encrypt", "id": "few"],
                children: [BinaryNode("count", ["value": "3"])]
            )
            try await world.sandbox.deliver(notice, toDevice: await ada.device, of: ada.jid.user)
            try await eventually {
                let count = try await ada.store.list(.preKey, prefix: "", after: nil, limit: 5_000).count
                return count == before + LoginEngine.batchSize
            }
            _ = try await bob.send("still there?", to: ada.jid)
            try await eventually { ada.texts == ["still there?"] }
        }
    }
}
