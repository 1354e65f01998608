import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// Three accounts with a companion each, all connected.
struct GroupHarness {
    static let ada = "15550001111"
    static let ben = "15550002222"
    static let cy = "15550003333"

    var harness: ServerHarness
    private(set) var connections: [String: ConnectionID] = [:]
    private var counter = 0

    init() throws {
        harness = ServerHarness()
        for (number, name) in [(Self.ada, "Ada"), (Self.ben, "Ben"), (Self.cy, "Cy")] {
            _ = try harness.perform { try $0.createPhone(NewPhone(number: number, name: name)) }
            let companion = TestCompanion()
            _ = try harness.link(companion, number: number)
            let id = try harness.logIn(companion, device: 1, number: number)
            connections[number] = id
            _ = harness.take(id)
        }
    }

    func lid(_ number: String) -> JID { harness.state.phones[number]?.lid ?? .server }
    func phone(_ number: String) -> JID { JID(user: number, server: .user) }

    /// What a companion was sent since the last call.
    mutating func take(_ number: String) throws -> [BinaryNode] {
        harness.take(try #require(connections[number]))
    }

    /// The children of the group notifications that a companion was sent since the last call.
    mutating func told(_ number: String) throws -> [BinaryNode] {
        try take(number).filter { $0.tag == "notification" && $0.attributes.text("type") == "w:gp2" }
            .flatMap(\.children)
    }

    mutating func forget() throws {
        for number in connections.keys { _ = try take(number) }
    }

    /// Asks as a companion of that account; the answer, with the notifications still to be taken.
    mutating func ask(
        _ number: String,
        _ type: String,
        _ to: JID = JID(user: "", server: .group),
        _ child: BinaryNode
    ) throws -> BinaryNode {
        counter += 1
        let id = try #require(connections[number])
        _ = harness.take(id)
        let iq = BinaryNode(
            "iq",
            ["id": .text("g\(counter)"), "to": .jid(to), "type": .text(type), "xmlns": "w:g2"],
            children: [child]
        )
        harness.receive(iq, on: id)
        var sent = harness.take(id)
        let answer = sent.removeFirst()
        #expect(answer.tag == "iq" && answer.attributes["from"] == .jid(to))
        notifications[number] = sent
        return answer
    }

    /// What came to the asking companion after the answer.
    private(set) var notifications: [String: [BinaryNode]] = [:]

    func error(_ answer: BinaryNode) -> Int? { answer.child("error")?.attributes.integer("code") }

    func people(_ numbers: String...) -> [BinaryNode] {
        numbers.map { BinaryNode("participant", ["jid": .jid(lid($0))]) }
    }

    /// A group of Ada's with these members, made by her companion.
    mutating func group(_ members: String..., children: [BinaryNode] = []) throws -> JID {
        let create = BinaryNode(
            "create",
            ["subject": "Harbour", "key": "K1"],
            children: members.map { BinaryNode("participant", ["jid": .jid(lid($0))]) } + children
        )
        let answer = try ask(Self.ada, "set", create)
        let id = try #require(answer.child("group")?.attributes.text("id"))
        try forget()
        return JID(user: id, server: .group)
    }
}

extension GroupHarness {
    mutating func ask(_ number: String, _ type: String, _ child: BinaryNode) throws -> BinaryNode {
        try ask(number, type, JID(user: "", server: .group), child)
    }
}
