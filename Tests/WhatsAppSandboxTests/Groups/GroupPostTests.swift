import SignalProtocol
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Phones write to groups.
struct GroupPostTests {
    private let ada = GroupHarness.ada, ben = GroupHarness.ben, cy = GroupHarness.cy

    private func text(_ text: String) -> WAMessage {
        var message = WAMessage()
        message.conversation = text
        return message
    }

    private func texts(_ number: String, _ all: GroupHarness) -> [String] {
        all.harness.state.phones[number]?.log.all.map(\.content.conversation) ?? []
    }

    @Test func phonesReadWhatPhonesWrite() throws {
        var all = try GroupHarness()
        let group = try all.group(ben, cy)
        _ = try all.harness.perform { try $0.post(text("one"), from: ada, to: group) }
        #expect(texts(ben, all) == ["one"] && texts(cy, all) == ["one"])
        let copy = try #require(try all.take(ben).first { $0.tag == "message" })
        #expect(copy.attributes.jid("from") == group)
        #expect(copy.attributes.jid("participant") == all.lid(ada))
        #expect(copy.attributes.jid("participant_pn") == all.phone(ada))
        #expect(copy.children("enc").map { $0.attributes.text("type") } == ["pkmsg", "skmsg"], "the key comes first")
        _ = try all.harness.perform { try $0.post(text("two"), from: ada, to: group) }
        let second = try #require(try all.take(ben).first { $0.tag == "message" })
        #expect(second.children("enc").map { $0.attributes.text("type") } == ["skmsg"])
        #expect(texts(cy, all) == ["one", "two"])
    }

    @Test func groupHasAPicture() throws {
        var all = try GroupHarness()
        let group = try all.group(ben, children: [BinaryNode("locked")])
        let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 7]
        let set = { (harness: inout ServerHarness) in
            var iq = harness.iq("set", "w:profile:picture", [BinaryNode("picture", ["type": "image"], bytes: jpeg)])
            iq.attributes["target"] = .jid(group)
            return iq
        }
        let get = { (harness: inout ServerHarness) in
            var iq = harness.iq("get", "w:profile:picture", [BinaryNode("picture", ["type": "image"])])
            iq.attributes["target"] = .jid(group)
            return iq
        }
        let connections = all.connections
        let (adas, bens, cys) = try (
            #require(connections[ada]), #require(connections[ben]), #require(connections[cy])
        )
        #expect(all.error(try all.harness.ask(get(&all.harness), on: bens)) == 404)
        #expect(all.error(try all.harness.ask(set(&all.harness), on: bens)) == 403, "the group is locked")
        let id = try all.harness.ask(set(&all.harness), on: adas).child("picture")?.attributes["id"]
        let notice = try #require(try all.take(ben).first { $0.attributes["type"] == "picture" })
        #expect(notice.attributes.jid("from") == group)
        #expect(notice.child("set")?.attributes["id"] == id)
        let answer = try all.harness.ask(get(&all.harness), on: bens)
        let path = try #require(answer.child("picture")?.attributes.text("direct_path"))
        #expect(all.harness.state.blobs[path] == jpeg)
        #expect(all.error(try all.harness.ask(get(&all.harness), on: cys)) == 401)
        let asked = BinaryNode("pictures", children: [BinaryNode("picture", ["jid": .jid(group)])])
        #expect(try all.ask(ben, "get", asked).child("pictures")?.children("picture").count == 1)
    }

    @Test func whoIsGoneGetsNothing() throws {
        var all = try GroupHarness()
        let group = try all.group(ben, cy)
        _ = try all.harness.perform { try $0.post(text("one"), from: ada, to: group) }
        let before = all.harness.state.phones[ada]?.signal.groupKeys[group.description]?.key.distribution()
        _ = try all.ask(ada, "set", group, BinaryNode("remove", children: all.people(cy)))
        _ = try all.harness.perform { try $0.post(text("two"), from: ada, to: group) }
        #expect(texts(ben, all) == ["one", "two"] && texts(cy, all) == ["one"])
        let after = all.harness.state.phones[ada]?.signal.groupKeys[group.description]?.key.distribution()
        #expect(before != after)
        _ = try all.harness.perform { try $0.post(text("three"), from: cy, to: group) }
        #expect(texts(ben, all) == ["one", "two"], "nobody outside writes")
    }

    @Test func companionsAreToldWhyAMessageIsRefused() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        func send(_ number: String, to chat: JID, mode: String) throws -> BinaryNode {
            let id = try #require(all.connections[number])
            _ = all.harness.take(id)
            let message = BinaryNode(
                "message",
                ["id": "M", "to": .jid(chat), "type": "text", "addressing_mode": .text(mode), "phash": "2:AAAAAAAA"],
                children: [BinaryNode("enc", ["v": "2", "type": "skmsg"], bytes: [1, 2, 3])]
            )
            all.harness.receive(message, on: id)
            return try #require(all.harness.take(id).first { $0.tag == "ack" })
        }
        #expect(try send(cy, to: group, mode: "lid").attributes.text("error") == "403")
        #expect(try send(ada, to: JID(user: "1", server: .group), mode: "lid").attributes.text("error") == "404")
        #expect(try send(ada, to: group, mode: "pn").attributes.text("error") == "421")
        let accepted = try send(ada, to: group, mode: "lid")
        #expect(accepted.attributes["error"] == nil)
        #expect(accepted.attributes.text("phash")?.hasPrefix("2:") == true, "her list of devices is another")
        _ = try all.ask(ada, "set", group, BinaryNode("announcement"))
        #expect(try send(ben, to: group, mode: "lid").attributes.text("error") == "403")
    }
}
