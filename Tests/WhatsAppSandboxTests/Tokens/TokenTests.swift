import Foundation
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Who may write to whom: privacy tokens and blocked people.
struct TokenTests {
    private static let ada = ServerHarness.number
    private static let bob = "15550002222"

    private var harness: ServerHarness
    private var companion: SignalCompanion

    init() throws {
        harness = try ServerHarness.withPhone()
        _ = try harness.perform { try $0.createPhone(NewPhone(number: Self.bob, name: "Bob")) }
        companion = try SignalCompanion(number: Self.ada, in: &harness)
    }

    private func texts(_ number: String) throws -> [String] {
        try #require(harness.state.phones[number]).log.all.map { $0.content.conversation }
    }

    private mutating func change(_ number: String, _ change: (inout ProfileOrder) -> Void) throws {
        var order = ProfileOrder()
        change(&order)
        try harness.perform { try $0.change(order, of: number) }
    }

    /// Sends to Bob, with a token if there is one; the error that the server answers.
    private mutating func send(_ text: String, token: [UInt8]? = nil) throws -> String? {
        let bob = try #require(harness.state.phones[Self.bob]).lid
        let enc = try companion.encrypt(.text(text), for: bob, &harness)
        var children = [
            BinaryNode("participants", children: [BinaryNode("to", ["jid": .jid(bob)], children: [enc])])
        ]
        if let token { children.append(BinaryNode("tctoken", bytes: token)) }
        _ = harness.take(companion.connection)
        let node = BinaryNode("message", ["id": .text(text), "to": .jid(bob), "type": "text"], children: children)
        harness.receive(node, on: companion.connection)
        let ack = try #require(harness.take(companion.connection).first { $0.tag == "ack" })
        return ack.attributes.text("error")
    }

    private func token(in nodes: [BinaryNode]) -> [UInt8]? {
        nodes.first { $0.attributes.text("type") == "privacy_token" }?
            .child("tokens")?.child("token")?.bytes.map(Array.init)
    }

    @Test mutating func strangersNeedATokenWhereItIsDemanded() throws {
        #expect(try send("free") == nil)
        try change(Self.bob) { $0.demandsTokens = true }
        #expect(try send("cold") == "463")
        #expect(try send("forged", token: [UInt8](repeating: 1, count: 16)) == "463")
        try harness.perform { state in
            _ = try state.post(.text("I write first"), from: Self.bob, to: JID(user: Self.ada, server: .user))
        }
        let given = try #require(token(in: harness.take(companion.connection)))
        #expect(try send("warm", token: given) == nil)
        #expect(try texts(Self.bob) == ["free", "I write first", "warm"])
        harness.advance(5 * 604_800)
        #expect(try send("late", token: given) == "463")
    }

    @Test mutating func tokenIsGivenOnceAWeek() throws {
        let chat = JID(user: Self.ada, server: .user)
        var given: [[UInt8]?] = []
        // The weeks are counted from 1970: this one has just begun.
        for days in [1.0, 1, 8] {
            harness.advance(days * 86_400)
            try harness.perform { _ = try $0.post(.text("hello"), from: Self.bob, to: chat) }
            given.append(token(in: harness.take(companion.connection)))
        }
        #expect(given[0] != nil && given[1] == nil && given[2] != nil)
        #expect(given[0] != given[2])
    }

    @Test mutating func blockedPeopleAreNotHeard() throws {
        try change(Self.bob) { $0.block = [Self.ada] }
        #expect(try send("silence") == nil, "the sender does not notice")
        let call = try harness.perform { try $0.startCall(from: Self.ada, to: Self.bob, isVideo: false) }
        #expect(call.state == .ringing)
        #expect(try texts(Self.bob).isEmpty)
        try change(Self.bob) { $0.unblock = [Self.ada] }
        #expect(try send("heard") == nil)
        #expect(try texts(Self.bob) == ["heard"])
    }

    @Test mutating func companionsLearnWhatThePhoneChanges() throws {
        let jpeg = Data([0xff, 0xd8, 0xff, 0xe0] + [UInt8](repeating: 5, count: 100))
        try change(Self.ada) { order in
            order.about = "At sea"
            order.picture = jpeg
            order.privacy = ["last": "none"]
            order.block = [Self.bob]
        }
        let told = harness.take(companion.connection).filter { $0.tag == "notification" }
        #expect(told.map { $0.attributes.text("type") } == ["status", "picture", "account_sync", "account_sync"])
        let request = BinaryNode("picture", ["type": "image", "query": "url"])
        let answer = try harness.ask(
            harness.iq("get", "w:profile:picture", [request]),
            on: companion.connection
        )
        let path = try #require(answer.child("picture")?.attributes.text("direct_path"))
        #expect(harness.state.blobs[path].map { Data($0) } == jpeg)
        let view = try harness.state.profileView(of: Self.ada)
        #expect(view.about == "At sea" && view.blocked == [Self.bob] && view.privacy["last"] == "none")
        for bad in [{ $0.block = ["1"] }, { $0.picture = Data([1]) }, { $0.privacy = ["shoes": "all"] }]
            as [(inout ProfileOrder) -> Void]
        {
            #expect(throws: SandboxError.self) { try change(Self.ada, bad) }
        }
    }

    @Test mutating func migrationIsAnnounced() throws {
        let props = harness.iq("get", "abt", [BinaryNode("props", ["protocol": "1"])])
        let answer = try harness.ask(props, on: companion.connection)
        let property = answer.child("props")?.children("prop").first { $0.attributes.text("config_code") == "9435" }
        #expect(property?.attributes.text("config_value") == "1")
        _ = try harness.perform { try $0.createPhone(NewPhone(number: "15550003333", isLIDMigrated: false)) }
        let other = try SignalCompanion(number: "15550003333", in: &harness)
        let second = try harness.ask(props, on: other.connection)
        #expect(second.child("props")?.child("prop")?.attributes.text("config_value") == "0")
        _ = try harness.perform {
            try $0.post(.text("by number"), from: "15550003333", to: JID(user: Self.ada, server: .user))
        }
        let message = try #require(harness.take(companion.connection).first { $0.tag == "message" })
        #expect(message.attributes.jid("from")?.server == .user)
    }
}
