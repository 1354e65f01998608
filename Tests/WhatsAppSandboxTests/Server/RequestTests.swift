import Crypto
import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// What companions ask after they have logged in.
struct RequestTests {
    private let companion = TestCompanion()
    private static let number = ServerHarness.number

    private func loggedIn() throws -> (ServerHarness, ConnectionID) {
        var harness = try ServerHarness.withPhone()
        _ = try harness.link(companion)
        let id = try harness.logIn(companion, device: 1)
        _ = harness.take(id)
        return (harness, id)
    }

    private func count(_ harness: inout ServerHarness, _ id: ConnectionID) throws -> Int? {
        try harness.ask(harness.iq("get", "encrypt", [BinaryNode("count")]), on: id)
            .child("count")?.attributes.integer("value")
    }

    private func bundle(_ jid: JID, _ harness: inout ServerHarness, _ id: ConnectionID) throws -> BinaryNode {
        let request = BinaryNode("key", children: [BinaryNode("user", ["jid": .jid(jid), "reason": "identity"])])
        let answer = try harness.ask(harness.iq("get", "encrypt", [request]), on: id)
        return try #require(answer.child("list")?.child("user"))
    }

    @Test func preKeysAreCountedAndHandedOutOnce() throws {
        var (harness, id) = try loggedIn()
        #expect(try count(&harness, id) == 0)
        #expect(try harness.ask(companion.preKeyUpload(6), on: id).attributes.text("type") == "result")
        #expect(try count(&harness, id) == 6)
        let phone = try #require(harness.state.phones[Self.number])
        var seen: Set<[UInt8]> = []
        for _ in 0..<6 {
            let user = try bundle(phone.lid(of: 1), &harness, id)
            #expect(user.attributes["jid"] == .jid(phone.lid(of: 1)), "in the form it was asked in")
            #expect(user.child("registration")?.bytes.map(Array.init) == [0, 0, 0x12, 0x67])
            #expect(user.child("identity")?.bytes.map(Array.init) == companion.identity.publicKey)
            #expect(user.child("skey") == companion.skey)
            #expect(user.child("device-identity") != nil)
            seen.insert(Array(try #require(user.child("key")?.child("value")?.bytes)))
        }
        #expect(seen.count == 6)
        #expect(try bundle(phone.jid(of: 1), &harness, id).child("key") == nil)
    }

    @Test func lowKeysAreReportedOnceUntilTheNextUpload() throws {
        var (harness, id) = try loggedIn()
        _ = try harness.ask(companion.preKeyUpload(6), on: id)
        let jid = try #require(harness.state.phones[Self.number]).jid(of: 1)
        func notices() throws -> Int {
            let request = BinaryNode("key", children: [BinaryNode("user", ["jid": .jid(jid)])])
            harness.receive(harness.iq("get", "encrypt", [request]), on: id)
            return harness.take(id).filter { $0.tag == "notification" && $0.child("count") != nil }.count
        }
        #expect(try notices() == 0)
        #expect(try notices() == 1)
        #expect(try notices() == 0)
        _ = try harness.ask(companion.preKeyUpload(3, firstID: 50), on: id)
        #expect(try notices() == 0)
        #expect(try notices() == 1)
    }

    @Test func digestIsOverWhatTheServerHolds() throws {
        var (harness, id) = try loggedIn()
        let upload = companion.preKeyUpload(3)
        _ = try harness.ask(upload, on: id)
        let digest = try #require(
            try harness.ask(harness.iq("get", "encrypt", [BinaryNode("digest")]), on: id).child("digest")
        )
        #expect(
            digest.child("list")?.children("id").compactMap { $0.bytes.map(Array.init) } == [
                [0, 0, 1], [0, 0, 2], [0, 0, 3],
            ]
        )
        var hash = Insecure.SHA1()
        hash.update(data: companion.identity.publicKey)
        hash.update(data: companion.signedPreKey.keyPair.publicKey)
        hash.update(data: companion.signedPreKey.signature)
        for key in upload.child("list")?.children("key") ?? [] {
            hash.update(data: Array(key.child("value")?.bytes ?? []))
        }
        #expect(digest.child("hash")?.bytes.map(Array.init) == Array(hash.finalize()))
    }

    @Test func uploadsWithBrokenKeysAreNotTaken() throws {
        var (harness, id) = try loggedIn()
        let good = companion.preKeyUpload(2)
        for tag in ["identity", "skey"] {
            var broken = good
            broken.content = .nodes(good.children.filter { $0.tag != tag })
            #expect(try harness.ask(broken, on: id).child("error")?.attributes.text("code") == "406")
        }
        var broken = good
        broken.content = .nodes(
            good.children.filter { $0.tag != "list" } + [
                BinaryNode("list", children: [BinaryNode("key", children: [BinaryNode("id", bytes: [1])])])
            ]
        )
        #expect(try harness.ask(broken, on: id).child("error")?.attributes.text("code") == "406")
        #expect(try count(&harness, id) == 0)
    }

    @Test func signedPreKeyRotates() throws {
        var (harness, id) = try loggedIn()
        var random = SystemRandomNumberGenerator()
        let key = SignedPreKey.generate(id: 2, identity: companion.identity, using: &random)
        let skey = BinaryNode(
            "skey",
            children: [
                BinaryNode("id", bytes: [0, 0, 2]), BinaryNode("value", bytes: key.keyPair.publicKey),
                BinaryNode("signature", bytes: key.signature),
            ]
        )
        let rotate = BinaryNode("rotate", children: [skey])
        #expect(try harness.ask(harness.iq("set", "encrypt", [rotate]), on: id).attributes.text("type") == "result")
        let jid = try #require(harness.state.phones[Self.number]).jid(of: 1)
        #expect(try bundle(jid, &harness, id).child("skey") == skey)
    }

    @Test func phoneHasABundleOfItsOwn() throws {
        var (harness, id) = try loggedIn()
        let phone = try #require(harness.state.phones[Self.number])
        let first = try bundle(phone.jid, &harness, id)
        let second = try bundle(phone.lid, &harness, id)
        let identity = Array(try #require(first.child("identity")?.bytes))
        #expect(identity == phone.keys.identity.publicKey)
        let skey = try #require(first.child("skey"))
        #expect(
            XEdDSA.isValid(
                try #require(skey.child("signature")?.bytes),
                for: [5] + (try #require(skey.child("value")?.bytes)),
                publicKey: identity
            )
        )
        #expect(first.child("key") != second.child("key"))
        let unknown = try bundle(phone.jid(of: 9), &harness, id)
        #expect(unknown.child("error")?.attributes.text("code") == "404")
        let nobody = try bundle(JID(user: "15559999999", server: .user), &harness, id)
        #expect(nobody.child("error")?.attributes.text("code") == "404")
    }

    @Test func userSyncNamesDevicesAndLID() throws {
        var (harness, id) = try loggedIn()
        let phone = try #require(harness.state.phones[Self.number])
        let stranger = JID(user: "15559999999", server: .user)
        let usync = BinaryNode(
            "usync",
            ["sid": "7", "mode": "query", "last": "true", "index": "0", "context": "message"],
            children: [
                BinaryNode("query", children: [BinaryNode("devices", ["version": "2"]), BinaryNode("lid")]),
                BinaryNode(
                    "list",
                    children: [phone.jid, phone.lid, stranger].map { BinaryNode("user", ["jid": .jid($0)]) }
                ),
            ]
        )
        let answer = try #require(try harness.ask(harness.iq("get", "usync", [usync]), on: id).child("usync"))
        #expect(answer.attributes.text("sid") == "7")
        #expect(answer.child("result")?.children.map(\.tag) == ["devices", "lid"])
        let users = answer.child("list")?.children("user") ?? []
        #expect(users.map { $0.attributes["jid"] } == [.jid(phone.jid), .jid(phone.lid)])
        #expect(users.first?.child("lid")?.attributes["val"] == .jid(phone.lid))
        #expect(users.last?.child("lid") == nil)
        let devices = users.first?.child("devices")?.child("device-list")?.children("device") ?? []
        #expect(devices.map { $0.attributes.text("id") } == ["0", "1"])
        #expect(devices.last?.attributes.text("key-index") == "1")
        #expect(
            users.first?.child("devices")?.child("key-index-list")?.bytes.map(Array.init) == phone.keyIndexList.signed
        )
    }

    @Test func contactsAreFoundByNumber() throws {
        var (harness, id) = try loggedIn()
        let asked = ["+1 (555) 000-1111", "+15559999999"].map {
            BinaryNode("user", children: [BinaryNode("contact", text: $0)])
        }
        let usync = BinaryNode(
            "usync",
            children: [BinaryNode("query", children: [BinaryNode("contact")]), BinaryNode("list", children: asked)]
        )
        let answer = try harness.ask(harness.iq("get", "usync", [usync]), on: id)
        let users = answer.child("usync")?.child("list")?.children("user") ?? []
        #expect(users.map { $0.child("contact")?.attributes.text("type") } == ["in", "out"])
        #expect(users.map { $0.attributes.jid("jid")?.user } == [Self.number, "15559999999"])
    }

    @Test(arguments: [
        ("set", "passive", "active"), ("set", "passive", "passive"), ("set", "urn:xmpp:whatsapp:dirty", "clean"),
        ("set", "privacy", "tokens"), ("get", "w:unknown", "whatever"), ("set", "w:stats", "add"),
    ])
    func emptyResults(type: String, namespace: String, child: String) throws {
        var (harness, id) = try loggedIn()
        let request = harness.iq(type, namespace, [BinaryNode(child)])
        let answer = try harness.ask(request, on: id)
        #expect(
            answer
                == BinaryNode("iq", ["from": .jid(.server), "type": "result", "id": request.attributes["id"]])
        )
    }

    @Test(arguments: [[], [BinaryNode("ping")]] as [[BinaryNode]])
    func pingsAreAnsweredWithTheTime(children: [BinaryNode]) throws {
        var (harness, id) = try loggedIn()
        let answer = try harness.ask(harness.iq("get", "w:p", children), on: id)
        #expect(answer.attributes.text("t") == "1766000000")
        #expect(answer.children.isEmpty)
    }

    @Test func smallAnswersHaveTheirNode() throws {
        var (harness, id) = try loggedIn()
        for (namespace, child, expected) in [
            ("abt", BinaryNode("props", ["protocol": "1"]), "props"),
            ("w", BinaryNode("props", ["protocol": "2"]), "props"), ("privacy", BinaryNode("privacy"), "privacy"),
            ("w:m", BinaryNode("media_conn"), "media_conn"),
            ("w:mex", BinaryNode("query", ["query_id": "1"]), "result"),
        ] {
            let answer = try harness.ask(harness.iq("get", namespace, [child]), on: id)
            #expect(answer.children.first?.tag == expected)
        }
        #expect(try harness.ask(harness.iq("get", "blocklist"), on: id).child("list") != nil)
        let media = try harness.ask(harness.iq("set", "w:m", [BinaryNode("media_conn")]), on: id).child("media_conn")
        for key in ["auth", "ttl", "auth_ttl", "max_buckets"] { #expect(media?.attributes[key] != nil) }
        #expect(media?.child("host")?.attributes.text("hostname") == "media.example:8443")
    }

    @Test(arguments: ["own", "other", "all"])
    func companionsLogOut(_ whom: String) throws {
        var (harness, id) = try loggedIn()
        _ = try harness.link(TestCompanion())
        _ = harness.take(id)
        let phone = try #require(harness.state.phones[Self.number])
        var request = BinaryNode("remove-companion-device", ["reason": "user_initiated"])
        switch whom {
        case "own": request.attributes["jid"] = .jid(phone.jid(of: 1))
        case "other": request.attributes["jid"] = .jid(phone.lid(of: 2))
        default: request.attributes["all"] = "true"
        }
        harness.receive(harness.iq("set", "md", [request]), on: id)
        let sent = harness.take(id)
        #expect(sent.first?.attributes.text("type") == "result")
        let left = harness.state.phones[Self.number]?.devices.keys.sorted()
        switch whom {
        case "own":
            #expect(left == [2])
            #expect(sent.last?.child("conflict")?.attributes.text("type") == "device_removed")
            #expect(harness.closed.contains(id))
        case "other":
            #expect(left == [1])
            #expect(!harness.closed.contains(id))
        default: #expect(left == [])
        }
    }

    @Test func nobodyRemovesOthersDevices() throws {
        var (harness, id) = try loggedIn()
        let other = try harness.perform { try $0.createPhone(NewPhone(number: "15550002222")) }
        let request = BinaryNode("remove-companion-device", ["jid": .jid(other.jid(of: 1))])
        let answer = try harness.ask(harness.iq("set", "md", [request]), on: id)
        #expect(answer.child("error")?.attributes.text("code") == "403")
    }

    @Test func unlinkedConnectionsMayOnlyLink() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        for namespace in ["encrypt", "usync", "w:m", "blocklist"] {
            let answer = try harness.ask(harness.iq("get", namespace), on: id)
            #expect(answer.child("error")?.attributes.text("code") == "401")
        }
        #expect(try harness.ask(harness.iq("get", "w:p"), on: id).attributes.text("type") == "result")
        let logout = BinaryNode("remove-companion-device", ["all": "true"])
        let answer = try harness.ask(harness.iq("set", "md", [logout]), on: id)
        #expect(answer.child("error")?.attributes.text("code") == "401")
    }

    @Test func receiptsAreAcknowledgedAndMessagesRefused() throws {
        var (harness, id) = try loggedIn()
        let receipt = try harness.ask(
            BinaryNode("receipt", ["id": "A", "to": "15550002222@s.whatsapp.net", "type": "read"]),
            on: id
        )
        #expect(receipt.attributes.text("class") == "receipt")
        #expect(receipt.attributes.text("from") == "15550002222@s.whatsapp.net")
        #expect(receipt.attributes.text("type") == "read")
        let message = try harness.ask(BinaryNode("message", ["id": "B", "to": "15550002222@s.whatsapp.net"]), on: id)
        #expect(message.attributes.text("error") == "404")
    }

    @Test func strangeStanzasDoNoHarm() throws {
        var (harness, id) = try loggedIn()
        for node in [
            BinaryNode("iq"), BinaryNode("iq", ["type": "get"]), BinaryNode("iq", ["type": "set", "xmlns": "md"]),
            BinaryNode("iq", ["type": "result", "id": "9"]), BinaryNode("ack"), BinaryNode("receipt"), BinaryNode(""),
            BinaryNode("iq", ["type": "get", "xmlns": "usync"], children: [BinaryNode("usync")]),
            BinaryNode("iq", ["type": "get", "xmlns": "encrypt"], bytes: [1, 2]),
            BinaryNode("iq", ["type": "set", "xmlns": "md"], children: [BinaryNode("encrypted_pairing_request")]),
            BinaryNode("iq", ["type": "set", "xmlns": "md"], children: [BinaryNode("link_code_companion_reg")]),
        ] {
            harness.receive(node, on: id)
        }
        #expect(!harness.closed.contains(id))
        #expect(try count(&harness, id) == 0)
        harness.receive(BinaryNode("xmlstreamend"), on: id)
        #expect(harness.closed.contains(id))
    }

    @Test func journalHoldsNoContent() throws {
        var (harness, id) = try loggedIn()
        _ = try harness.ask(companion.preKeyUpload(1), on: id)
        let line = try #require(harness.state.journal.latest.last { $0.direction == .received }?.stanza)
        #expect(line.contains("<identity>32 bytes</identity>"))
        #expect(line.contains("xmlns=\"encrypt\""))
    }
}
