internal import WhatsAppWire

/// Stanzas that every connection answers or sends.
enum Stanzas {
    /// Acknowledges a received stanza; copies what the service's routing needs.
    ///
    /// Wire form: `<ack class="TAG" id to="FROM" [participant] [recipient] [type]/>`.
    static func acknowledgement(of node: BinaryNode) -> BinaryNode {
        var attributes: BinaryNode.Attributes = ["class": .text(node.tag)]
        attributes["id"] = node.attributes["id"]
        attributes["to"] = node.attributes["from"]
        attributes["participant"] = node.attributes["participant"]
        attributes["recipient"] = node.attributes["recipient"]
        let isIdentityChange = node.attributes.text("type") == "encrypt" && node.child("identity") != nil
        if !isIdentityChange { attributes["type"] = node.attributes["type"] }
        return BinaryNode("ack", attributes)
    }

    /// Wire form: `<iq type="result" to id/>`.
    static func result(for request: BinaryNode, children: [BinaryNode]? = nil) -> BinaryNode {
        var attributes: BinaryNode.Attributes = ["to": .jid(.server), "type": "result"]
        attributes["id"] = request.attributes["id"]
        return BinaryNode("iq", attributes, content: children.map { .nodes($0) } ?? .none)
    }

    /// Wire form: `<iq type="error" to id><error code text/></iq>`.
    static func error(for request: BinaryNode, code: Int, text: String) -> BinaryNode {
        var attributes: BinaryNode.Attributes = ["to": .jid(.server), "type": "error"]
        attributes["id"] = request.attributes["id"]
        return BinaryNode(
            "iq",
            attributes,
            children: [BinaryNode("error", ["code": .text("\(code)"), "text": .text(text)])]
        )
    }

    /// Wire form: `<iq id to="s.whatsapp.net" type xmlns>children</iq>`.
    static func request(_ type: String, _ namespace: String, id: String, children: [BinaryNode] = []) -> BinaryNode {
        BinaryNode(
            "iq",
            ["id": .text(id), "to": .jid(.server), "type": .text(type), "xmlns": .text(namespace)],
            content: children.isEmpty ? .none : .nodes(children)
        )
    }

    /// The same without `id`, for a session to number, to whom it concerns.
    static func request(
        _ type: String,
        _ namespace: String,
        to: JID = .server,
        children: [BinaryNode] = []
    ) -> BinaryNode {
        BinaryNode(
            "iq",
            ["to": .jid(to), "type": .text(type), "xmlns": .text(namespace)],
            content: children.isEmpty ? .none : .nodes(children)
        )
    }

    /// Whether the service wants to know if the client lives; the answer is a bare result.
    static func isServerPing(_ node: BinaryNode) -> Bool {
        node.tag == "iq" && node.attributes.text("type") == "get"
            && (node.attributes.text("xmlns") == "urn:xmpp:ping" || node.child("ping") != nil)
    }

    /// Whether the stanza is from the service itself and not from a user.
    static func isFromServer(_ node: BinaryNode) -> Bool {
        guard let from = node.attributes.jid("from") else { return true }
        return from.user.isEmpty && from.server == .user
    }
}

/// Identifiers of requests: a prefix of the connection's own and a counter, which the wire packs into few bytes.
struct RequestIDs: Sendable {
    private let prefix: String
    private var counter: UInt32 = 0

    init(using random: inout some RandomNumberGenerator) {
        prefix =
            "\(UInt16.random(in: 0...UInt16.max, using: &random)).\(UInt16.random(in: 0...UInt16.max, using: &random))-"
    }

    mutating func next() -> String {
        counter &+= 1
        return prefix + String(counter)
    }
}
