import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// How messages travel between devices.
struct RelayTests {
    /// Ada has devices 1 and 2, Bob has device 1; all are online.
    private struct Scene {
        static let ada = ServerHarness.number
        static let bob = "15550002222"

        var harness: ServerHarness
        let companions = [TestCompanion(), TestCompanion(), TestCompanion()]
        var ada1: ConnectionID
        var ada2: ConnectionID
        var bob1: ConnectionID

        init() throws {
            harness = try ServerHarness.withPhone()
            _ = try harness.perform { try $0.createPhone(NewPhone(number: Self.bob, name: "Bob")) }
            #expect(try harness.link(companions[0]) == 1)
            #expect(try harness.link(companions[1]) == 2)
            #expect(try harness.link(companions[2], number: Self.bob) == 1)
            ada1 = try harness.logIn(companions[0], device: 1)
            ada2 = try harness.logIn(companions[1], device: 2)
            bob1 = try harness.logIn(companions[2], device: 1, number: Self.bob)
            quiet()
        }

        mutating func quiet() {
            for id in [ada1, ada2, bob1] { _ = harness.take(id) }
        }

        func phone(_ number: String) throws -> Phone { try #require(harness.state.phones[number]) }
    }

    private func ciphertext(_ byte: UInt8, type: String = "msg") -> BinaryNode {
        BinaryNode("enc", ["v": "2", "type": .text(type)], bytes: [byte])
    }

    private func message(_ id: String, to: JID, _ targets: [(JID, BinaryNode)]) -> BinaryNode {
        BinaryNode(
            "message",
            ["id": .text(id), "to": .jid(to), "type": "text"],
            children: [
                BinaryNode(
                    "participants",
                    children: targets.map { BinaryNode("to", ["jid": .jid($0.0)], children: [$0.1]) }
                ),
                BinaryNode("tctoken", bytes: [9]), BinaryNode("reporting"),
            ]
        )
    }

    @Test func everyDeviceGetsItsOwnCiphertextInTheFormThatWasUsed() throws {
        var scene = try Scene()
        let (ada, bob) = (try scene.phone(Scene.ada), try scene.phone(Scene.bob))
        let sent = message(
            "M1",
            to: bob.lid,
            [(bob.lid(of: 1), ciphertext(1)), (ada.lid(of: 2), ciphertext(2)), (bob.lid(of: 9), ciphertext(3))]
        )
        scene.harness.receive(sent, on: scene.ada1)

        let ack = try #require(scene.harness.take(scene.ada1).first)
        #expect(ack.tag == "ack")
        #expect(ack.attributes["class"] == "message")
        #expect(ack.attributes["from"] == .jid(bob.lid))
        #expect(ack.attributes["error"] == nil)
        #expect(ack.attributes["t"] != nil)

        let toBob = scene.harness.take(scene.bob1)
        #expect(toBob.count == 1)
        #expect(
            toBob.first
                == BinaryNode(
                    "message",
                    [
                        "id": "M1", "type": "text", "t": ack.attributes["t"], "notify": "Ada",
                        "from": .jid(ada.lid(of: 1)), "sender_pn": .jid(ada.jid),
                    ],
                    children: [ciphertext(1), BinaryNode("reporting")]
                )
        )
        let toOwn = try #require(scene.harness.take(scene.ada2).first)
        #expect(toOwn.attributes["recipient"] == .jid(bob.lid))
        #expect(toOwn.attributes["peer_recipient_pn"] == .jid(bob.jid))
        #expect(toOwn.attributes["from"] == .jid(ada.lid(of: 1)))
        #expect(toOwn.child("enc") == ciphertext(2))
    }

    @Test func phoneNumberFormStaysPhoneNumberForm() throws {
        var scene = try Scene()
        let (ada, bob) = (try scene.phone(Scene.ada), try scene.phone(Scene.bob))
        scene.harness.receive(message("M2", to: bob.jid, [(bob.jid(of: 1), ciphertext(1))]), on: scene.ada1)
        let received = try #require(scene.harness.take(scene.bob1).first)
        #expect(received.attributes["from"] == .jid(ada.jid(of: 1)))
        #expect(received.attributes["sender_lid"] == .jid(ada.lid))
        #expect(received.attributes["sender_pn"] == nil)
    }

    @Test func identityFollowsOnlyCiphertextsThatBeginASession() throws {
        var scene = try Scene()
        let bob = try scene.phone(Scene.bob)
        for type in ["msg", "pkmsg"] {
            var node = message("I-\(type)", to: bob.jid, [(bob.jid(of: 1), ciphertext(1, type: type))])
            node.content = .nodes(node.children + [BinaryNode("device-identity", bytes: [7])])
            scene.harness.receive(node, on: scene.ada1)
            let received = try #require(scene.harness.take(scene.bob1).first)
            #expect((received.child("device-identity") != nil) == (type == "pkmsg"))
        }
    }

    @Test(arguments: ["15559999999@s.whatsapp.net", "999999999999999@lid", "1-2@newsletter", "x@broadcast2"])
    func nobodyIsRefused(_ to: String) throws {
        var scene = try Scene()
        let jid = try #require(JID(to))
        scene.harness.receive(message("M3", to: jid, []), on: scene.ada1)
        #expect(scene.harness.take(scene.ada1).first?.attributes["error"] == "404")
    }

    @Test func peerMessageReachesTheNamedDeviceAlone() throws {
        var scene = try Scene()
        let ada = try scene.phone(Scene.ada)
        let node = BinaryNode(
            "message",
            ["id": "P1", "to": .jid(ada.jid(of: 2)), "type": "text", "category": "peer"],
            children: [ciphertext(4)]
        )
        scene.harness.receive(node, on: scene.ada1)
        let received = scene.harness.take(scene.ada2)
        #expect(received.count == 1)
        #expect(received.first?.attributes["category"] == "peer")
        #expect(received.first?.attributes["from"] == .jid(ada.jid(of: 1)))
        #expect(scene.harness.take(scene.bob1).isEmpty)
    }

    // MARK: The queue

    @Test func unconfirmedMessagesComeAgainInOrder() throws {
        var scene = try Scene()
        let bob = try scene.phone(Scene.bob)
        for index in 0..<3 {
            let node = message("Q\(index)", to: bob.jid, [(bob.jid(of: 1), ciphertext(UInt8(index)))])
            scene.harness.receive(node, on: scene.ada1)
        }
        scene.harness.receive(
            BinaryNode("receipt", ["id": "Q1", "to": .jid(try scene.phone(Scene.ada).jid(of: 1))]),
            on: scene.bob1
        )
        scene.harness.perform { $0.closed(scene.bob1) }
        scene.harness.receive(message("Q3", to: bob.jid, [(bob.jid(of: 1), ciphertext(3))]), on: scene.ada1)

        let again = try scene.harness.logIn(scene.companions[2], device: 1, number: Scene.bob)
        let stanzas = scene.harness.take(again)
        let preview = try #require(stanzas.compactMap { $0.child("offline_preview") }.first)
        #expect(preview.attributes["count"] == "3")
        #expect(preview.attributes["message"] == "3")
        let messages = stanzas.filter { $0.tag == "message" }
        #expect(messages.map { $0.attributes.text("id") } == ["Q0", "Q2", "Q3"])
        #expect(messages.allSatisfy { $0.attributes["offline"] == "0" })
        #expect(stanzas.last?.child("offline")?.attributes["count"] == "3")

        for id in ["Q0", "Q2", "Q3"] {
            scene.harness.receive(BinaryNode("ack", ["class": "message", "id": .text(id)]), on: again)
        }
        scene.harness.perform { $0.closed(again) }
        let last = try scene.harness.logIn(scene.companions[2], device: 1, number: Scene.bob)
        #expect(scene.harness.take(last).allSatisfy { $0.tag != "message" })
    }

    @Test func retryReceiptConfirmsNothing() throws {
        var scene = try Scene()
        let (ada, bob) = (try scene.phone(Scene.ada), try scene.phone(Scene.bob))
        scene.harness.receive(message("R1", to: bob.jid, [(bob.jid(of: 1), ciphertext(1))]), on: scene.ada1)
        scene.quiet()
        scene.harness.receive(
            BinaryNode(
                "receipt",
                ["id": "R1", "to": .jid(ada.jid(of: 1)), "type": "retry"],
                children: [BinaryNode("retry", ["count": "1"])]
            ),
            on: scene.bob1
        )
        #expect(scene.harness.take(scene.bob1).first?.attributes["type"] == "retry")
        let forwarded = scene.harness.take(scene.ada1)
        #expect(forwarded.count == 1)
        #expect(forwarded.first?.attributes["from"] == .jid(bob.jid(of: 1)))
        #expect(forwarded.first?.child("retry") != nil)
        #expect(scene.harness.take(scene.ada2).isEmpty, "a retry receipt is for the named device alone")
        #expect(scene.harness.state.phones[Scene.bob]?.devices[1]?.outbox.count == 1)
    }

    // MARK: Receipts

    @Test func readReceiptReachesAllDevicesOfTheAuthor() throws {
        var scene = try Scene()
        let (ada, bob) = (try scene.phone(Scene.ada), try scene.phone(Scene.bob))
        let list = BinaryNode("list", children: [BinaryNode("item", ["id": "B"])])
        scene.harness.receive(
            BinaryNode("receipt", ["id": "A", "to": .jid(ada.lid(of: 1)), "type": "read"], children: [list]),
            on: scene.bob1
        )
        for id in [scene.ada1, scene.ada2] {
            let receipt = try #require(scene.harness.take(id).first)
            #expect(receipt.attributes["from"] == .jid(bob.lid(of: 1)))
            #expect(receipt.attributes["type"] == "read")
            #expect(receipt.attributes["to"] == nil)
            #expect(receipt.child("list") == list)
        }
        let ack = try #require(scene.harness.take(scene.bob1).first)
        #expect(ack.attributes["class"] == "receipt")
        #expect(ack.attributes["type"] == "read")
    }

    @Test func ownOtherDevicesLearnWhatWasRead() throws {
        var scene = try Scene()
        let (ada, bob) = (try scene.phone(Scene.ada), try scene.phone(Scene.bob))
        scene.harness.receive(
            BinaryNode("receipt", ["id": "A", "to": .jid(bob.jid(of: 1)), "type": "read-self"]),
            on: scene.ada1
        )
        let receipt = try #require(scene.harness.take(scene.ada2).first)
        #expect(receipt.attributes["from"] == .jid(ada.jid(of: 1)))
        #expect(receipt.attributes["recipient"] == .jid(bob.jid))
        #expect(scene.harness.take(scene.bob1).isEmpty)
    }

    @Test(arguments: ["sender", "peer_msg", "hist_sync"])
    func receiptsToTheServerGoNoFurther(_ type: String) throws {
        var scene = try Scene()
        let ada = try scene.phone(Scene.ada)
        scene.harness.receive(
            BinaryNode("receipt", ["id": "A", "to": .jid(ada.jid(of: 1)), "type": .text(type)]),
            on: scene.bob1
        )
        #expect(scene.harness.take(scene.bob1).count == 1)
        #expect(scene.harness.take(scene.ada1).isEmpty)
    }

    @Test func typingIsShownToWhoeverIsThere() throws {
        var scene = try Scene()
        let (ada, bob) = (try scene.phone(Scene.ada), try scene.phone(Scene.bob))
        let node = BinaryNode("chatstate", ["to": .jid(ada.lid)], children: [BinaryNode("composing")])
        scene.harness.perform { $0.closed(scene.ada2) }
        scene.harness.receive(node, on: scene.bob1)
        #expect(
            scene.harness.take(scene.ada1)
                == [BinaryNode("chatstate", ["from": .jid(bob.lid)], children: [BinaryNode("composing")])]
        )
        let waiting = scene.harness.state.phones[Scene.ada]?.devices[2]?.outbox.entries ?? []
        #expect(!waiting.contains { $0.node.tag == "chatstate" })
    }
}
