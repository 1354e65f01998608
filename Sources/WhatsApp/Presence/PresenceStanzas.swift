package import WhatsAppWire

/// The stanzas of presence and typing, both ways.
package enum PresenceStanzas {
    /// Wire form: `<presence type="available|unavailable" name/>`.
    package static func own(isAvailable: Bool, name: String?) -> BinaryNode {
        BinaryNode(
            "presence",
            ["type": isAvailable ? "available" : "unavailable", "name": name.map { .text($0) }]
        )
    }

    /// Says the account's name, and nothing of whether it is online.
    ///
    /// Wire form: `<presence name/>`.
    package static func named(_ name: String) -> BinaryNode {
        BinaryNode("presence", ["name": .text(name)])
    }

    /// Has to be sent again after every login.
    ///
    /// Wire form: `<presence type="subscribe" to>[<tctoken/>]</presence>`.
    package static func subscribe(to jid: JID, token: [UInt8]?) -> BinaryNode {
        var node = BinaryNode("presence", ["type": "subscribe", "to": .jid(jid.withoutDevice)])
        if let token { node.content = .nodes([BinaryNode("tctoken", bytes: token)]) }
        return node
    }

    /// Wire form: `<chatstate to><composing [media="audio"]/></chatstate>`, or `<paused/>` in it.
    package static func typing(_ state: TypingChange.State, in chat: JID) -> BinaryNode {
        let child =
            switch state {
            case .composing: BinaryNode("composing")
            case .recording: BinaryNode("composing", ["media": "audio"])
            case .paused: BinaryNode("paused")
            }
        return BinaryNode("chatstate", ["to": .jid(chat.withoutDevice)], children: [child])
    }
}
