import Foundation
import SignalProtocol
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// What goes wrong with messages on purpose.
struct MessageFaultTests {
    private static let ada = ServerHarness.number
    private static let bob = "15550002222"

    private var harness: ServerHarness
    private var companion: SignalCompanion

    init() throws {
        harness = try ServerHarness.withPhone()
        _ = try harness.perform { try $0.createPhone(NewPhone(number: Self.bob, name: "Bob")) }
        companion = try SignalCompanion(number: Self.ada, in: &harness)
    }

    private mutating func inject(_ fault: SandboxFault, times: Int? = 1, number: String = ada) throws {
        _ = try harness.perform { try $0.inject(fault, scope: FaultScope(number: number), times: times) }
    }

    private mutating func post(_ text: String) throws -> String {
        let to = JID(user: Self.ada, server: .user)
        return try harness.perform { try $0.post(.text(text), from: Self.bob, to: to) }
    }

    private mutating func arrivals() -> [BinaryNode] {
        harness.take(companion.connection).filter { $0.tag == "message" }
    }

    @Test mutating func duplicateComesTwiceAndOnce() throws {
        try inject(.duplicateMessage)
        let ids = [try post("a"), try post("b")]
        let seen = arrivals().map { $0.attributes.text("id") ?? "" }
        #expect(seen == [ids[0], ids[0], ids[1]])
    }

    @Test mutating func overtakenMessageComesAfterTheNext() throws {
        try inject(.reorderMessages)
        let ids = [try post("a"), try post("b")]
        let seen = arrivals().map { $0.attributes.text("id") ?? "" }
        #expect(seen == [ids[1], ids[0]])
    }

    @Test mutating func heldMessageComesByItselfWhenNothingFollows() throws {
        try inject(.reorderMessages)
        let id = try post("alone")
        #expect(arrivals().isEmpty)
        harness.advance(5)
        let seen = arrivals().map { $0.attributes.text("id") ?? "" }
        #expect(seen == [id])
    }

    @Test mutating func corruptMessageCannotBeRead() throws {
        try inject(.corruptMessage)
        _ = try post("a")
        let node = try #require(arrivals().first)
        #expect(throws: SignalError.self) { try companion.read(node) }
    }

    @Test mutating func refusedMessageIsNotRelayed() throws {
        let bob = try #require(harness.state.phones[Self.bob]).lid
        for code in [421, 463, 475, 479] {
            try inject(.refuseMessage(code: code))
            try companion.send(.text("x"), id: "M\(code)", to: bob, devices: [bob], &harness)
            let ack = harness.take(companion.connection).last
            #expect(ack?.attributes["error"] == .text(String(code)))
        }
        try inject(.loseAck)
        try companion.send(.text("heard"), id: "L", to: bob, devices: [bob], &harness)
        #expect(harness.take(companion.connection).allSatisfy { $0.tag != "ack" })
        let texts = harness.state.phones[Self.bob]?.log.all.map { $0.content.conversation }
        #expect(texts == ["heard"])
    }

    @Test mutating func replayBringsOldMessagesAgain() throws {
        let ids = [try post("a"), try post("b")]
        _ = arrivals()
        let waiting = harness.state.phones[Self.ada]?.devices[1]?.outbox.count
        try inject(.replayMessages, times: nil)
        let seen = arrivals().map { $0.attributes.text("id") ?? "" }
        #expect(seen == ids)
        #expect(harness.state.phones[Self.ada]?.devices[1]?.outbox.count == waiting, "a repetition waits for nothing")
    }

    @Test mutating func staleListLeavesCompanionsOut() throws {
        try inject(.staleDevices, times: nil)
        let phone = try #require(harness.state.phones[Self.ada])
        let query = BinaryNode(
            "usync",
            children: [
                BinaryNode("query", children: [BinaryNode("devices", ["version": "2"])]),
                BinaryNode("list", children: [BinaryNode("user", ["jid": .jid(phone.jid)])]),
            ]
        )
        let answer = try harness.ask(harness.iq("get", "usync", [query]), on: companion.connection)
        let user = answer.child("usync")?.child("list")?.child("user")
        let devices = user?.child("devices")?.child("device-list")?.children("device") ?? []
        #expect(devices.map { $0.attributes.text("id") } == ["0"])
    }

    @Test mutating func exhaustedKeysGiveBundlesWithoutOne() throws {
        try inject(.exhaustPreKeys, times: nil)
        _ = try post("a")
        let bytes = try #require(arrivals().first?.child("enc")?.bytes)
        #expect(try PreKeySignalMessage(bytes).preKeyID == nil)
    }

    @Test mutating func reinstalledPhoneHasAnotherIdentityAndTellsItsFriends() throws {
        _ = try post("before")
        _ = arrivals()
        let before = try #require(harness.state.phones[Self.bob]).keys.identity.publicKey
        try inject(.reinstall, times: nil, number: Self.bob)
        #expect(try #require(harness.state.phones[Self.bob]).keys.identity.publicKey != before)
        let notice = harness.take(companion.connection).last { $0.tag == "notification" }
        #expect(notice?.attributes["type"] == "encrypt")
        #expect(notice?.child("identity") != nil)
        _ = try post("after")
        let node = try #require(arrivals().first)
        let text = try companion.read(node).conversation
        #expect(text == "after")
    }

    @Test mutating func friendsLearnOfNewAndRemovedDevices() throws {
        _ = try post("hello")
        _ = harness.take(companion.connection)
        _ = try SignalCompanion(number: Self.bob, in: &harness)
        try harness.perform { try $0.unlink(1, of: Self.bob) }
        let notices = harness.take(companion.connection).filter { $0.attributes["type"] == "devices" }
        #expect(notices.map { $0.children.first?.tag } == ["add", "remove"])
        let bob = try #require(harness.state.phones[Self.bob])
        #expect(notices.allSatisfy { $0.attributes["from"] == .jid(bob.jid) })
    }

    @Test mutating func sessionsSurviveASnapshot() throws {
        _ = try post("before")
        let bob = try #require(harness.state.phones[Self.bob]).lid
        try companion.send(.text("answer"), id: "A", to: bob, devices: [bob], &harness)
        var random = SystemRandomNumberGenerator()
        let snapshot = try Snapshot(harness.state, authority: .generate(using: &random), tls: .generate(at: Date()))
        let read = try Snapshot(decoding: try snapshot.encoded)
        var restored = ServerState(settings: harness.state.settings, now: harness.state.now)
        try read.restore(into: &restored)
        let (old, new) = (harness.state.phones[Self.bob], restored.phones[Self.bob])
        #expect(new?.signal.sessions == old?.signal.sessions)
        #expect(new?.log.all.map(\.id) == old?.log.all.map(\.id))
        #expect(new?.log.last == old?.log.last)
    }
}
