import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

struct LoginTests {
    private let companion = TestCompanion()
    private static let number = ServerHarness.number

    private func linked() throws -> ServerHarness {
        var harness = try ServerHarness.withPhone()
        _ = try harness.link(companion)
        return harness
    }

    @Test func successComesFirstAndTheBacklogEnds() throws {
        var harness = try linked()
        let id = try harness.logIn(companion, device: 1)
        let sent = harness.take(id)
        let phone = try #require(harness.state.phones[Self.number])
        #expect(sent.first?.tag == "success")
        #expect(sent.first?.attributes["lid"] == .jid(phone.lid(of: 1)))
        #expect(sent.first?.attributes.text("t") == "1766000000")
        #expect(sent.dropFirst().map { $0.children.first?.tag } == ["edge_routing", "offline_preview", "offline"])
        #expect(sent.last?.child("offline")?.attributes.text("count") == "0")
        #expect(sent.dropFirst().allSatisfy { $0.attributes["from"] == .jid(.server) })
    }

    @Test func strangersAreRefused() throws {
        var harness = try linked()
        for (who, device, number) in [
            (TestCompanion(), 1, Self.number), (companion, 2, Self.number), (companion, 1, "15559999999"),
            (companion, 70_000, Self.number),
        ] as [(TestCompanion, UInt32, String)] {
            let id = try harness.logIn(who, device: device, number: number)
            #expect(harness.take(id).first?.attributes.text("reason") == "401")
            #expect(harness.closed.contains(id))
        }
    }

    @Test func newerLoginReplacesTheOlderWithoutACode() throws {
        var harness = try linked()
        let older = try harness.logIn(companion, device: 1)
        _ = harness.take(older)
        let newer = try harness.logIn(companion, device: 1)
        let end = harness.take(older)
        #expect(end == [BinaryNode("stream:error", children: [BinaryNode("conflict", ["type": "replaced"])])])
        #expect(harness.closed.contains(older))
        harness.perform { $0.closed(older) }
        #expect(harness.state.online[DeviceAddress(number: Self.number, device: 1)] == newer)
    }

    @Test func whatWaitedComesInOrderUntilItIsConfirmed() throws {
        var harness = try linked()
        _ = try harness.link(TestCompanion())
        _ = try harness.link(TestCompanion())
        func backlog(_ sent: [BinaryNode]) -> [BinaryNode] { sent.filter { $0.tag == "notification" } }

        let first = try harness.logIn(companion, device: 1)
        let sent = harness.take(first)
        let waiting = backlog(sent)
        #expect(waiting.map { $0.child("add")?.child("device")?.attributes.jid("jid")?.device } == [2, 3])
        #expect(waiting.allSatisfy { $0.attributes.text("offline") == "0" })
        #expect(sent.last?.child("offline")?.attributes.text("count") == "2")
        let id = try #require(waiting.first?.attributes["id"])
        harness.receive(BinaryNode("ack", ["class": "notification", "id": id, "type": "devices"]), on: first)
        harness.perform { $0.closed(first) }

        let second = try harness.logIn(companion, device: 1)
        let again = backlog(harness.take(second))
        #expect(again.map { $0.child("add")?.child("device")?.attributes.jid("jid")?.device } == [3])
    }

    @Test func unlinkedDeviceIsThrownOutAndRefused() throws {
        var harness = try linked()
        let id = try harness.logIn(companion, device: 1)
        _ = harness.take(id)
        try harness.perform { try $0.unlink(1, of: Self.number) }
        #expect(
            harness.take(id) == [
                BinaryNode(
                    "stream:error",
                    ["code": "401"],
                    children: [BinaryNode("conflict", ["type": "device_removed"])]
                )
            ]
        )
        let next = try harness.logIn(companion, device: 1)
        #expect(harness.take(next).first?.attributes.text("reason") == "401")
    }

    @Test func deletedPhoneTakesItsDevicesAlong() throws {
        var harness = try linked()
        let id = try harness.logIn(companion, device: 1)
        try harness.perform { try $0.deletePhone(Self.number) }
        #expect(harness.closed.contains(id))
        #expect(harness.state.phones.isEmpty)
        #expect(harness.state.numbers.isEmpty)
    }
}
