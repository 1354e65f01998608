import Foundation
import SignalProtocol
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Messages to groups, between phones and companions.
struct GroupRelayTests {
    private static let ada = ServerHarness.number
    private static let bob = "15550002222"
    private static let eve = "15550003333"

    private var harness: ServerHarness
    private var adas: SignalCompanion
    private var bobs: SignalCompanion

    /// Ada and Bob have companions; Eve has only her phone.
    init() throws {
        harness = try ServerHarness.withPhone()
        for (number, name) in [(Self.bob, "Bob"), (Self.eve, "Eve")] {
            _ = try harness.perform { try $0.createPhone(NewPhone(number: number, name: name)) }
        }
        adas = try SignalCompanion(number: Self.ada, in: &harness)
        bobs = try SignalCompanion(number: Self.bob, in: &harness)
    }

    private mutating func group(usesLIDs: Bool = true, members: [String] = [bob, eve]) throws -> SandboxGroup {
        let order = NewGroup(subject: "Team", owner: Self.ada, members: members, usesLIDs: usesLIDs)
        let group = try harness.perform { try $0.createGroup(order) }
        _ = harness.take(adas.connection)
        _ = harness.take(bobs.connection)
        return group
    }

    private func texts(_ number: String) throws -> [String] {
        try #require(harness.state.phones[number]).log.all.map { $0.content.conversation }
    }

    @Test(arguments: [true, false])
    mutating func phoneWritesToEveryDeviceOfEveryMember(usesLIDs: Bool) throws {
        let group = try group(usesLIDs: usesLIDs)
        for text in ["one", "two"] {
            _ = try harness.perform { try $0.post(.text(text), from: Self.ada, to: group.jid) }
        }
        let first = harness.take(bobs.connection).filter { $0.tag == "message" }
        let read = try first.map { try bobs.read($0).conversation }
        #expect(read == ["one", "two"])
        let node = try #require(first.first)
        #expect(node.children("enc").map { $0.attributes.text("type") } == ["pkmsg", "skmsg"], "the key comes first")
        #expect(first.last?.children("enc").count == 1, "the key is handed out once")
        let form: AddressingForm = usesLIDs ? .lid : .phoneNumber
        let phone = DeviceAddress(number: Self.ada, device: 0)
        #expect(node.attributes["from"] == .jid(group.jid))
        #expect(node.attributes["participant"] == .jid(harness.state.jid(of: phone, by: form)))
        #expect(
            node.attributes[usesLIDs ? "participant_pn" : "participant_lid"]
                == .jid(harness.state.jid(of: phone, by: form.other))
        )
        #expect(node.attributes["addressing_mode"] == form.mode)
        #expect(try texts(Self.eve) == ["one", "two"])
        let own = try adas.readAll(&harness).map { $0.message.conversation }
        #expect(own == ["one", "two"])
        let receipts = try #require(harness.state.phones[Self.ada]?.log.all.first).receipts
        #expect(receipts.contains { $0.device.number == Self.eve })
    }

    @Test mutating func companionWritesToAGroup() throws {
        let group = try group()
        let devices = harness.state.group(group.jid).map { known in
            known.members.flatMap { harness.state.allDevices(of: $0) }.filter { $0 != adas.address }
                .map { harness.state.jid(of: $0, by: .lid) }
        }
        try adas.send(.text("to all"), id: "G1", group: group.jid, keyTo: try #require(devices), &harness)
        try adas.send(.text("again"), id: "G2", group: group.jid, keyTo: [], &harness)
        #expect(try texts(Self.bob) == ["to all", "again"])
        #expect(try texts(Self.eve) == ["to all", "again"])
        #expect(try texts(Self.ada) == ["to all", "again"])
        let read = try bobs.readAll(&harness).map { $0.message.conversation }
        #expect(read == ["to all", "again"])
        let received = harness.take(adas.connection)
        #expect(received.allSatisfy { $0.tag != "message" }, "the sending device gets no copy")
    }

    @Test mutating func groupKeyThatNeverCameIsAskedFor() throws {
        let group = try group()
        try adas.send(.text("unreadable"), id: "G1", group: group.jid, keyTo: [], &harness)
        let retries = harness.take(adas.connection).filter { $0.attributes["type"] == "retry" }
        #expect(retries.count == 3, "Ada's, Bob's and Eve's phones")
        #expect(retries.allSatisfy { $0.attributes["from"] == .jid(group.jid) && $0.attributes["participant"] != nil })
    }

    @Test mutating func phoneAnswersTheRetryOfOneMemberAlone() throws {
        let group = try group()
        let id = try harness.perform { try $0.post(.text("again please"), from: Self.eve, to: group.jid) }
        _ = harness.take(bobs.connection)
        let eve = try #require(harness.state.phones[Self.eve]).lid
        harness.receive(
            BinaryNode(
                "receipt",
                ["id": .text(id), "to": .jid(group.jid), "participant": .jid(eve), "type": "retry"],
                children: [
                    BinaryNode("retry", ["v": "1", "count": "1", "id": .text(id)]),
                    BinaryNode("registration", bytes: [0, 0, 0, 1]),
                ]
            ),
            on: bobs.connection
        )
        let again = try #require(harness.take(bobs.connection).last { $0.tag == "message" })
        let read = try bobs.read(again).conversation
        #expect(read == "again please")
        #expect(again.attributes["participant"] == .jid(eve))
        let others = try adas.readAll(&harness).count
        #expect(others == 1, "nobody else gets it again")
    }

    @Test mutating func strangersAndWrongModesAreRefused() throws {
        let group = try group(members: [Self.bob])
        _ = try harness.perform { try $0.post(.text("let me in"), from: Self.eve, to: group.jid) }
        #expect(harness.state.phones[Self.eve]?.log.all.last?.error == 403)
        let message = BinaryNode(
            "message",
            ["id": "M", "to": .jid(group.jid), "type": "text", "addressing_mode": "pn"],
            children: [BinaryNode("enc", ["v": "2", "type": "skmsg"], bytes: [1])]
        )
        harness.receive(message, on: bobs.connection)
        let refusal = harness.take(bobs.connection).first
        #expect(refusal?.attributes["error"] == "421")
        var right = message
        right.attributes["addressing_mode"] = "lid"
        right.attributes["phash"] = "2:AAAAAAAA"
        harness.receive(right, on: bobs.connection)
        let ack = try #require(harness.take(bobs.connection).first { $0.tag == "ack" })
        #expect(ack.attributes["error"] == nil)
        #expect(ack.attributes["phash"] != nil)
        #expect(ack.attributes["phash"] != "2:AAAAAAAA")
        #expect(throws: SandboxError.unknownRecipient) {
            try harness.perform {
                try $0.post(.text("x"), from: Self.ada, to: JID(user: "120363000000000000", server: .group))
            }
        }
    }

    @Test mutating func keyChangesWhenSomebodyLeaves() throws {
        let group = try group()
        _ = try harness.perform { try $0.post(.text("with Eve"), from: Self.ada, to: group.jid) }
        let before = harness.state.phones[Self.ada]?.signal.groupKeys[group.jid.description]?.key.id
        try harness.perform { state in
            _ = try state.changeMembers(.remove, [Self.eve], of: group.id, by: Self.ada)
        }
        _ = try harness.perform { try $0.post(.text("without Eve"), from: Self.ada, to: group.jid) }
        #expect(harness.state.phones[Self.ada]?.signal.groupKeys[group.jid.description]?.key.id != before)
        #expect(try texts(Self.eve) == ["with Eve"])
        #expect(try texts(Self.bob) == ["with Eve", "without Eve"])
    }

    @Test mutating func statusReachesThoseItNames() throws {
        let status = JID(user: "status", server: .broadcast)
        let (bob, eve) = (
            try #require(harness.state.phones[Self.bob]).lid, try #require(harness.state.phones[Self.eve]).lid
        )
        let bobs1 = JID(user: bob.user, server: .lid, device: 1)
        try adas.send(.text("my status"), id: "S1", group: status, keyTo: [bobs1, bob, eve], &harness)
        #expect(try texts(Self.eve) == ["my status"])
        let received = try #require(try bobs.readAll(&harness).last)
        #expect(received.message.conversation == "my status")
        #expect(received.node.attributes["from"] == .jid(status))
        #expect(received.node.attributes["addressing_mode"] == nil)
    }
}
