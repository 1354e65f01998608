import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp
@testable import WhatsAppSandbox

/// Records that go cold, keys that grow old, and contents of any size.
@Suite(.timeLimit(.minutes(4)))
struct RecordTests {
    /// With room for four, every message brings somebody's ratchet back from the store.
    @Test func coldRecordsComeBack() async throws {
        try await SandboxWorld.run { world in
            var limits = SessionLimits()
            limits.hotRecords = 4
            let ada = try await RunningSession.start(try await world.link(), in: world, limits: limits)
            let numbers = (0..<10).map { "1555000\(3_000 + $0)" }
            for number in numbers { try await world.sandbox.createPhone(NewPhone(number: number, name: "Phone")) }
            for round in 0..<3 {
                for number in numbers {
                    try await world.sandbox.act(.text("\(round)"), at: number, in: ada.jid.user)
                    _ = try await ada.send("\(round)", to: JID(user: number, server: .user))
                }
                // Phone numbers and LIDs have room for four times as many.
                #expect(await ada.session.hotRecordCount <= 80)
                if round == 1 {
                    await ada.session.cool()
                    await ada.session.cool()
                    #expect(await ada.session.hotRecordCount == 0)
                }
            }
            try await eventually { ada.texts.count == 30 }
            #expect(await ada.session.counters.decryptFailures == 0)
            for number in numbers {
                let texts = try await world.sandbox.messages(of: number).filter { !$0.own }.compactMap(\.text)
                #expect(texts == ["0", "1", "2"])
            }
            await ada.session.stop()
        }
    }

    @Test func anOldSignedPreKeyIsReplacedAndTheFormerOneStillOpens() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            // Nobody gets one-time keys, so that the signed one is all that a first message needs.
            try await world.sandbox.inject(.exhaustPreKeys)
            _ = try await bob.send("one", to: ada.jid)
            try await eventually { ada.texts == ["one"] }
            await ada.session.stop()
            let old = try #require(try await ada.store.credentials()).signedPreKey
            var batch = StoreBatch()
            batch.put(.setting, "signed_pre_key_made", Array("1".utf8))
            // As if it had never heard of Bob: his next message begins the session once more, with the old key.
            batch.deletedPrefixes = [RecordKey(.signalSession, "")]
            _ = try await ada.store.commit(batch)
            let again = try await ada.again(in: world)
            try await eventually { try await ada.store.credentials()?.signedPreKey.id == old.id + 1 }
            _ = try await bob.send("two", to: ada.jid)
            try await eventually { again.texts == ["two"] }
            #expect(await again.session.counters.decryptFailures == 0)
            // Others get the new one.
            let eve = try await world.person("15550003333", name: "Eve")
            try await world.sandbox.tapMessages()
            _ = try await eve.send("three", to: ada.jid)
            try await eventually { again.texts == ["two", "three"] }
            let device = await again.device
            let ciphertext = try await world.sandbox.tappedMessages()
                .flatMap { $0.child("participants")?.children("to") ?? [] }
                .first { $0.attributes.jid("jid") == ada.lid.with(device: device) }?
                .child("enc")?.bytes
            let first = try WAPreKeySignalMessage(serializedBytes: Array(try #require(ciphertext).dropFirst()))
            #expect(first.signedPreKeyID == old.id + 1)
            // It is not done again before its time.
            await again.session.stop()
            let later = try await again.again(in: world)
            #expect(await later.session.credentials.signedPreKey.id == old.id + 1)
            await later.session.stop()
            await eve.session.stop()
        }
    }

    @Test func aHundredThousandMentionsArrive() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            var message = WAMessage()
            message.extendedTextMessage.text = "all of you"
            message.extendedTextMessage.contextInfo.mentionedJid = (0..<100_000).map { "1555\($0)@s.whatsapp.net" }
            try await world.sandbox.act(.message(message), at: ada.jid.user, in: bob.jid.user)
            try await eventually { bob.messages.count == 1 }
            #expect(MessageContent(try #require(bob.messages.first).message).text == "all of you")
            #expect(bob.store.messages.count == 1)
        }
    }

    @Test func aTextOfTenMegabytesIsTakenAndOneThatDoesNotFitIsRefused() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let text = String(repeating: "0123456789", count: 1 << 20)
            try await world.sandbox.createPhone(NewPhone(number: "15550003333", name: "Eve"))
            try await world.sandbox.act(.text(text), at: "15550003333", in: bob.jid.user)
            try await eventually { !bob.messages.isEmpty }
            #expect(bob.texts == [text])
            // For three devices it is more than a frame holds.
            let refusal = SendError.invalid(field: "message", reason: .tooLarge(devices: 3))
            await #expect(throws: refusal) { _ = try await bob.send(text, to: ada.jid) }
            _ = try await bob.send("still here", to: ada.jid)
            try await eventually { ada.texts == ["still here"] }
        }
    }

    /// Keys of one member come in a flood; the newest are kept, and what needs an older one is asked for again.
    @Test func aFloodOfSenderKeysIsBounded() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            var random = SystemRandomNumberGenerator()
            for number in 0..<20 {
                var flood = WAMessage()
                flood.senderKeyDistributionMessage.groupID = group.description
                flood.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage = .init(
                    OwnSenderKey.generate(using: &random).distribution()
                )
                flood.conversation = "\(number)"
                try await world.sandbox.act(.message(flood), at: bob.jid.user, in: group.description)
            }
            try await eventually { Set(ada.texts) == Set((0..<20).map { "\($0)" }) }
            #expect(ada.messages.count == 20)
            #expect(ada.messages.allSatisfy { !$0.message.hasSenderKeyDistributionMessage })
            let address = try await ada.session.signalAddress(of: bob.jid.with(device: 0))
            let kept = try await ada.store.load(.senderKey, "\(group)|\(address.signalName)")
            #expect(try SenderKeyRecord(serialized: try #require(kept)).parts.count <= 5)
            _ = try await bob.send("after", to: group)
            try await eventually { ada.texts.last == "after" }
        }
    }

    /// The service knows nine phones of ten thousand members; the others are asked for and skipped.
    @Test func aGroupOfTenThousandIsWrittenTo() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = JID(user: "120363000000009999", server: .group)
            try await world.sandbox.onLoop { engine in
                engine.perform { state in
                    var large = SandboxGroup(
                        id: group.user,
                        subject: "Everybody",
                        creator: ada.jid.user,
                        usesLIDs: false,
                        inviteCode: "large",
                        now: state.now
                    )
                    large.put(bob.jid.user, .member)
                    for number in 0..<9_998 { large.put("1666\(1_000_000 + number)", .member) }
                    state.groups.all[group.user] = large
                }
            }
            let sent = try await ada.send("all", to: group)
            try await eventually { bob.texts == ["all"] }
            #expect(bob.messages.first?.id == sent.id)
            #expect(try await ada.session.metadata(of: group).members.count == 10_000)
            // And what others write in it is read.
            _ = try await bob.send("aye", to: group)
            try await eventually { ada.texts == ["aye"] }
        }
    }
}
