import WhatsAppWire

/// What every copy of one message has in common.
struct MessageEnvelope {
    /// At most so many copies are made of one stanza.
    static let targetLimit = 20_000

    let attributes: BinaryNode.Attributes
    /// Ciphertext for everybody: a group's.
    let shared: [BinaryNode]
    /// Follows the ciphertexts in every copy.
    private let rest: [BinaryNode]
    /// Goes with ciphertexts that begin a session.
    private let deviceIdentity: BinaryNode?

    init(_ node: BinaryNode, senderName: String, time: UInt64) {
        var attributes: BinaryNode.Attributes = [
            "id": node.attributes["id"], "type": node.attributes["type"] ?? "text", "t": .text(String(time)),
            "notify": .text(senderName),
        ]
        for key in ["edit", "category", "push_priority"] {
            if let value = node.attributes[key] { attributes[key] = value }
        }
        self.attributes = attributes
        let children = node.children
        shared = children.filter { $0.tag == "enc" }
        deviceIdentity = children.first { $0.tag == "device-identity" }
        rest = children.filter { child in
            switch child.tag {
            case "participants", "enc", "device-identity", "tctoken", "cstoken": false
            default: true
            }
        }
    }

    /// One device's copy: its own ciphertexts, then the shared ones, then everything else.
    func copy(own: [BinaryNode], includesShared: Bool, _ extra: BinaryNode.Attributes) -> BinaryNode {
        var node = BinaryNode("message", attributes)
        for attribute in extra { node.attributes[attribute.key] = attribute.value }
        var children = own
        if includesShared { children += shared }
        if let deviceIdentity, children.contains(where: { $0.attributes.text("type") == "pkmsg" }) {
            children.append(deviceIdentity)
        }
        children += rest
        node.content = .nodes(children)
        return node
    }

    /// The devices named one by one, with their ciphertexts.
    static func targets(of node: BinaryNode) -> [(jid: JID, ciphertexts: [BinaryNode])] {
        (node.child("participants")?.children("to") ?? []).prefix(targetLimit).compactMap { target in
            target.attributes.jid("jid").map { ($0, target.children("enc")) }
        }
    }
}

/// What the server says to a message.
struct MessageVerdict: Equatable {
    /// Nil: accepted.
    var error: Int?
    /// Given when the sender's idea of who gets the message is another.
    var deviceHash: String?

    static let accepted = MessageVerdict()

    static func refused(_ error: Int) -> MessageVerdict {
        MessageVerdict(error: error)
    }
}
