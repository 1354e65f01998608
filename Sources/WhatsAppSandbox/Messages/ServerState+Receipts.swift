import WhatsAppWire

extension ServerState {
    /// A companion's receipt: confirms what it names, is acknowledged, and goes on to whom it concerns.
    mutating func receipt(_ node: BinaryNode, on id: ConnectionID) {
        guard let stanza = node.attributes["id"], let reader = connections[id]?.device else { return }
        let type = node.attributes.text("type")
        let listed = node.child("list")?.children("item").compactMap { $0.attributes.text("id") } ?? []
        if type != "retry" {
            change(reader) { device in
                for message in [stanza.text] + listed { device.outbox.confirm(message, tag: "message") }
            }
            add(.save)
        }
        acknowledge(node, id: stanza, type: node.attributes["type"], on: id)
        if type != "retry", countsAsLoad([stanza.text] + listed) { return }
        if type == "view", let channel = node.attributes.jid("to") { channelViewed(node, in: channel, by: reader) }
        if type == "server-error" { return mediaRetry(node, from: reader) }
        forward(receipt: node, type: type, from: reader)
    }

    /// Takes in receipts for messages of the sandbox's own traffic, whose phones do nothing but count them.
    private mutating func countsAsLoad(_ ids: [String]) -> Bool {
        guard load != nil, let first = ids.first else { return false }
        let time = microseconds
        guard load?.acknowledged(first, isRetry: false, at: time) == true else { return false }
        for id in ids.dropFirst() { _ = load?.acknowledged(id, isRetry: false, at: time) }
        return true
    }

    /// Confirms a stanza of a client: `<ack class id from=TO [type] [participant] t/>`.
    mutating func acknowledge(
        _ node: BinaryNode,
        id stanza: BinaryNode.Value,
        type: BinaryNode.Value?,
        on id: ConnectionID
    ) {
        var ack = BinaryNode(
            "ack",
            [
                "class": .text(node.tag), "id": stanza, "from": node.attributes["to"] ?? .jid(.server),
                "t": .text(String(unixTime)),
            ]
        )
        ack.attributes["participant"] = node.attributes["participant"]
        ack.attributes["type"] = type
        send(ack, to: id)
    }

    /// Sends a receipt of any device to the devices that wait for it.
    mutating func forward(receipt node: BinaryNode, type: String?, from reader: DeviceAddress) {
        guard let addressee = node.attributes.jid("to") else { return }
        switch type {
        case "sender", "peer_msg", "hist_sync", "server-error", "view": return
        case "retry", "enc_rekey_retry":
            guard let named = isGroup(addressee) ? node.attributes.jid("participant") : addressee,
                let target = address(of: named)
            else { return }
            send(receipt: node, from: reader, to: [target], form: AddressingForm(named.server))
        case "read-self", "played-self": sync(receipt: node, of: reader)
        default:
            guard let author = isGroup(addressee) ? node.attributes.jid("participant") : addressee,
                let number = number(of: author), number != reader.number
            else { return }
            send(receipt: node, from: reader, to: allDevices(of: number), form: AddressingForm(author.server))
            if type == "read" || type == "played" { sync(receipt: node, of: reader) }
        }
    }

    private func isGroup(_ jid: JID) -> Bool { jid.server == .group || jid.server == .broadcast }

    private mutating func send(
        receipt node: BinaryNode,
        from reader: DeviceAddress,
        to targets: [DeviceAddress],
        form: AddressingForm
    ) {
        guard let addressee = node.attributes.jid("to"), let id = node.attributes.text("id") else { return }
        var copy = node
        copy.attributes["to"] = nil
        copy.attributes["t"] = .text(String(unixTime))
        let device = BinaryNode.Value.jid(jid(of: reader, by: form))
        if isGroup(addressee) {
            copy.attributes["from"] = .jid(addressee)
            copy.attributes["participant"] = device
        } else {
            copy.attributes["from"] = device
        }
        for target in targets where target != reader { deliver(copy, id: id, to: target) }
    }

    /// Tells the reader's other devices what it has read: `from` the account itself, `recipient` the chat.
    private mutating func sync(receipt node: BinaryNode, of reader: DeviceAddress) {
        guard let chat = node.attributes.jid("to"), let id = node.attributes.text("id") else { return }
        let form = AddressingForm((node.attributes.jid("participant") ?? chat).server)
        var copy = node
        copy.attributes["to"] = nil
        copy.attributes["t"] = .text(String(unixTime))
        copy.attributes["from"] = .jid(jid(of: reader, by: form))
        copy.attributes["recipient"] = .jid(chat.withoutDevice)
        for target in allDevices(of: reader.number) where target != reader && target.device != 0 {
            deliver(copy, id: id, to: target)
        }
    }

    /// Passes `composing` and `paused` on to whoever is there; nobody gets it later.
    mutating func chatState(_ node: BinaryNode, from sender: DeviceAddress) {
        guard let addressee = node.attributes.jid("to"), let number = number(of: addressee),
            number != sender.number, !isBlocked(sender.number, by: number)
        else { return }
        let form = AddressingForm(addressee.server)
        var copy = BinaryNode("chatstate", content: node.content)
        copy.attributes["from"] = .jid(jid(of: DeviceAddress(number: sender.number, device: 0), by: form))
        for target in allDevices(of: number) {
            if let connection = online[target] { send(copy, to: connection) }
        }
    }
}
