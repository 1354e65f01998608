import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// What the service answers about accounts and channels, and what it refuses.
struct AccountControlTests {
    private static let bob = "15550002222"

    private func scene() throws -> (ServerHarness, ada: ConnectionID, bob: ConnectionID) {
        var harness = try ServerHarness.withPhone()
        _ = try harness.perform { try $0.createPhone(NewPhone(number: Self.bob, name: "Bob")) }
        let companions = [TestCompanion(), TestCompanion()]
        _ = try harness.link(companions[0])
        _ = try harness.link(companions[1], number: Self.bob)
        let ada = try harness.logIn(companions[0], device: 1)
        let bob = try harness.logIn(companions[1], device: 1, number: Self.bob)
        _ = harness.take(ada)
        _ = harness.take(bob)
        return (harness, ada, bob)
    }

    private func code(_ answer: BinaryNode) -> String? { answer.child("error")?.attributes.text("code") }

    @Test func staleExclusionListIsAConflict() throws {
        var (harness, ada, _) = try scene()
        let user = BinaryNode("user", ["action": "add", "jid": "1@lid"])
        let category = BinaryNode(
            "category",
            ["name": "last", "value": "contact_blacklist", "dhash": "none"],
            children: [user]
        )
        let privacy = BinaryNode("privacy", children: [category])
        #expect(try code(harness.ask(harness.iq("set", "privacy", [privacy]), on: ada)) == nil)
        #expect(try code(harness.ask(harness.iq("set", "privacy", [privacy]), on: ada)) == "409")
    }

    @Test func blockByLIDNeedsTheNumber() throws {
        var (harness, ada, _) = try scene()
        let phone = try #require(harness.state.phones[Self.bob])
        let bare = BinaryNode("item", ["action": "block", "jid": .jid(phone.lid)])
        #expect(try code(harness.ask(harness.iq("set", "blocklist", [bare]), on: ada)) == "400")
        let whole = BinaryNode("item", ["action": "block", "jid": .jid(phone.lid), "pn_jid": .jid(phone.jid)])
        let answer = try harness.ask(harness.iq("set", "blocklist", [whole]), on: ada)
        #expect(answer.child("list")?.child("item")?.attributes.jid("pn_jid") == phone.jid)
    }

    @Test func tokensReachThoseTheyAreFor() throws {
        var (harness, ada, bob) = try scene()
        let phone = try #require(harness.state.phones[Self.bob])
        let token = BinaryNode("token", ["jid": .jid(phone.lid), "t": "5", "type": "trusted_contact"])
        harness.receive(harness.iq("set", "privacy", [BinaryNode("tokens", children: [token])]), on: ada)
        let notification = try #require(harness.take(bob).first)
        #expect(notification.attributes.text("type") == "privacy_token")
        let given = try #require(notification.child("tokens")?.child("token"))
        #expect(given.bytes?.count == 16)
        #expect(given.attributes.text("t") == "5")
    }

    @Test func strangersWriteInNoChannel() throws {
        var (harness, ada, bob) = try scene()
        let channel = harness.perform { $0.channels.create(owner: ServerHarness.number, name: "N", about: "", at: 1) }
        let post = BinaryNode(
            "message",
            ["id": "A", "to": .jid(channel.jid), "type": "text"],
            children: [BinaryNode("plaintext", bytes: [10, 1, 65])]
        )
        #expect(try harness.ask(post, on: bob).attributes.text("error") == "403")
        let taken = try harness.ask(post, on: ada)
        #expect(taken.attributes.text("error") == nil)
        #expect(taken.attributes.text("server_id") == "100")
        let reaction = BinaryNode(
            "message",
            ["id": "B", "to": .jid(channel.jid), "server_id": "100", "type": "reaction"],
            children: [BinaryNode("reaction", ["code": "x"])]
        )
        #expect(try harness.ask(reaction, on: bob).attributes.text("error") == "403")
        let nowhere = BinaryNode("message", ["id": "C", "to": "1@newsletter", "type": "text"])
        #expect(try harness.ask(nowhere, on: ada).attributes.text("error") == "404")
    }

    @Test func unknownQueriesAreRefusedInJSON() throws {
        var (harness, ada, _) = try scene()
        let bodies = ["", "{", #"{"variables":[]}"#, #"{"variables":{"newsletter_id":7}}"#]
        for body in bodies {
            for name in ["1", "24404358912487870"] {
                let query = BinaryNode("query", ["query_id": .text(name)], text: body)
                let answer = try harness.ask(harness.iq("get", "w:mex", [query]), on: ada)
                #expect(answer.child("result")?.text?.contains("errors") == true)
            }
        }
    }
}
