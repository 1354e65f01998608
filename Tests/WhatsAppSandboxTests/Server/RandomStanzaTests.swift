import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// Stanzas put together at random from the words that the server knows: nothing traps, and the others go on.
struct RandomStanzaTests {
    private static let tags = [
        "iq", "ack", "receipt", "message", "presence", "ib", "notification", "xmlstreamend", "usync", "query", "list",
        "user", "key", "skey", "id", "value", "signature", "count", "digest", "rotate", "identity", "registration",
        "link_code_companion_reg", "remove-companion-device", "ref", "passkey_prologue", "companion_nonce",
        "encrypted_pairing_request", "pair-device-sign", "device-identity", "contact", "devices", "sync", "collection",
        "patch", "media_conn", "props", "privacy", "",
    ]
    private static let values: [BinaryNode.Value] = [
        "get", "set", "result", "error", "encrypt", "usync", "md", "w:p", "w:m", "abt", "passive", "true", "1", "-1",
        "99999999999999999999", "companion_hello", "companion_finish", "", "15550001111@s.whatsapp.net",
        .jid(.server), .jid(JID(user: "15550001111", server: .user, device: 1)),
        .jid(JID(user: "15550001111", server: .user, device: 65_535)), .jid(JID(user: "1", server: .lid)),
    ]
    private static let keys = ["type", "xmlns", "id", "to", "jid", "stage", "all", "name", "class", "version"]

    private func node(_ depth: Int, _ random: inout SeededRandom) -> BinaryNode {
        var node = BinaryNode(Self.tags.randomElement(using: &random) ?? "iq")
        if depth == 0, Bool.random(using: &random) { node.tag = "iq" }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            guard let key = Self.keys.randomElement(using: &random) else { continue }
            node.attributes[key] = Self.values.randomElement(using: &random)
        }
        switch Int.random(in: 0...4, using: &random) {
        case 0 where depth < 4, 1 where depth < 4:
            node.content = .nodes(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in self.node(depth + 1, &random) }
            )
        case 2:
            let length = [0, 1, 3, 4, 12, 32, 64, 80, 156, 500].randomElement(using: &random) ?? 0
            node.content = .bytes(randomBytes(length, using: &random)[...])
        case 3: node.content = .text(Self.values.randomElement(using: &random)?.text ?? "")
        default: break
        }
        return node
    }

    @Test(arguments: 0..<20)
    func nothingTraps(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let linked = TestCompanion()
        var harness = try ServerHarness.withPhone()
        _ = try harness.link(linked)
        for _ in 0..<300 {
            let waiting = try harness.register(TestCompanion.shared)
            let device = try harness.logIn(linked, device: 1)
            for _ in 0..<10 {
                harness.receive(node(0, &random), on: waiting)
                harness.receive(node(0, &random), on: device)
            }
            harness.perform { $0.closed(waiting) }
            harness.perform { $0.closed(device) }
            _ = harness.take(waiting)
            _ = harness.take(device)
            if harness.state.phones[ServerHarness.number]?.devices[1] == nil {
                harness = try ServerHarness.withPhone()
                _ = try harness.link(linked)
            }
        }
        #expect(harness.state.connections.isEmpty)
        #expect(harness.state.references.isEmpty)
        #expect(harness.state.online.isEmpty)
    }
}

extension TestCompanion {
    fileprivate static let shared = TestCompanion()
}
