import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Calls to one person leave in their order, whichever name is used, and no key is used twice.
@Suite(.timeLimit(.minutes(4)))
struct SendingOrderTests {
    /// The mapping is learned while the first messages are on their way.
    @Test(arguments: [true, false]) func callsByEitherNameKeepTheirOrder(startsWithPhone: Bool) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            await ada.session.markMigrated()
            let chats = startsWithPhone ? [bob.jid, bob.lid] : [bob.lid, bob.jid]
            let calls = (0..<30).map { ("\($0)", chats[$0 % 2]) }
            for sending in await ada.session.startSending(calls) { try await sending.value }
            try await eventually { bob.texts.count == calls.count }
            #expect(bob.texts == calls.map(\.0))
            #expect(await ada.session.sending.lines.isEmpty)
        }
    }

    /// After a restart neither name is in memory.
    @Test func orderHoldsWhereTheMappingIsInTheStoreAlone() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("first", to: bob.jid)
            await ada.session.stop()
            let again = try await ada.again(in: world)
            let calls = (0..<20).map { ("\($0)", $0 % 2 == 0 ? bob.lid : bob.jid) }
            for sending in await again.session.startSending(calls) { try await sending.value }
            try await eventually { bob.texts.count == 21 }
            #expect(bob.texts == ["first"] + calls.map(\.0))
            await again.session.stop()
        }
    }

    @Test func whatCannotBeSentHoldsUpNobody() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let nobody = JID(user: "15559999999", server: .user)
            let calls = [("a", nobody), ("b", bob.jid), ("c", nobody), ("d", bob.jid)]
            let sendings = await ada.session.startSending(calls)
            for (sending, call) in zip(sendings, calls) where call.1 == bob.jid { try await sending.value }
            for (sending, call) in zip(sendings, calls) where call.1 == nobody {
                await #expect(throws: SendError.self) { try await sending.value }
            }
            #expect(await ada.session.sending.lines.isEmpty)
        }
    }

    /// 500 answers leave a chat while 500 texts arrive in it; what the service saw is looked at key by key.
    @Test func crossingMessagesNeverShareAKey() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await world.sandbox.tapMessages()
            let count = 500
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    group.addTask { _ = try await ada.send("a\(number)", to: bob.jid) }
                    group.addTask { _ = try await bob.send("b\(number)", to: ada.jid) }
                }
                try await group.waitForAll()
            }
            try await eventually { ada.texts.count == count && bob.texts.count == count }
            #expect(Set(bob.texts) == Set((0..<count).map { "a\($0)" }))
            #expect(Set(ada.texts) == Set((0..<count).map { "b\($0)" }))
            for person in [ada, bob] {
                let counters = await person.session.counters
                #expect(counters.decryptFailures == 0)
                #expect(counters.duplicates == 0)
            }
            let uses = try await world.sandbox.tappedMessages().flatMap { try MessageKeyUse.all(in: $0) }
            #expect(uses.count >= 2 * count)
            #expect(Set(uses).count == uses.count)
        }
    }
}

extension Session {
    /// Calls one after the other, none of which waits for the one before.
    func startSending(_ calls: [(text: String, chat: JID)]) -> [Task<Void, any Error>] {
        calls.map { call in
            Task {
                var message = WAMessage()
                message.conversation = call.text
                _ = try await self.send(message, to: call.chat)
            }
        }
    }
}

/// Which message key a ciphertext was made with.
struct MessageKeyUse: Hashable {
    let ratchetKey: [UInt8]
    let counter: UInt32

    /// Of every ciphertext for one device in a stanza.
    static func all(in stanza: BinaryNode) throws -> [MessageKeyUse] {
        let targets = stanza.child("participants")?.children("to") ?? []
        return try (targets.flatMap { $0.children("enc") } + stanza.children("enc")).compactMap { enc in
            guard let type = enc.attributes.text("type"), type == "msg" || type == "pkmsg" else { return nil }
            var frame = Array(try #require(enc.bytes))
            if type == "pkmsg" {
                frame = [UInt8](try WAPreKeySignalMessage(serializedBytes: Array(frame.dropFirst())).message)
            }
            let message = try WASignalMessage(serializedBytes: Array(frame.dropFirst().dropLast(8)))
            return MessageKeyUse(ratchetKey: [UInt8](message.ratchetKey), counter: message.counter)
        }
    }
}
