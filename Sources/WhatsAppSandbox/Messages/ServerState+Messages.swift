import WhatsAppWire

extension ServerState {
    /// A companion's message: copied for every device that it is for, then acknowledged.
    mutating func message(_ node: BinaryNode, on id: ConnectionID) {
        guard let stanza = node.attributes["id"], let sender = connections[id]?.device else { return }
        if let channel = node.attributes.jid("to"), channel.server == .newsletter {
            return channelMessage(node, to: channel, from: sender, on: id)
        }
        let refusal = faults.takeMessageRefusal(number: sender.number, device: sender.device)
        let verdict =
            refusal.map(MessageVerdict.refused) ?? tokenRefusal(of: node, from: sender)
            ?? relay(node, from: sender)
        if faults.take(.loseAck, number: sender.number, device: sender.device) { return }
        var ack = BinaryNode(
            "ack",
            [
                "class": "message", "id": stanza, "from": node.attributes["to"] ?? .jid(.server),
                "t": .text(String(unixTime)),
            ]
        )
        ack.attributes["participant"] = node.attributes["participant"]
        ack.attributes["error"] = verdict.error.map { .text(String($0)) }
        ack.attributes["phash"] = verdict.deviceHash.map { .text($0) }
        send(ack, to: id)
    }

    /// Queues a message of any device for every device that it is for.
    mutating func relay(_ node: BinaryNode, from sender: DeviceAddress) -> MessageVerdict {
        guard let addressee = node.attributes.jid("to"), let id = node.attributes.text("id"), !id.isEmpty else {
            return .refused(400)
        }
        let envelope = MessageEnvelope(node, senderName: phones[sender.number]?.name ?? "", time: unixTime)
        return switch addressee.server {
        case .user, .lid, .hosted, .hostedLID, .legacyUser:
            relay(node, envelope, id: id, to: addressee, from: sender)
        case .group: relay(node, envelope, id: id, toGroup: addressee, from: sender)
        case .broadcast: relay(node, envelope, id: id, toBroadcast: addressee, from: sender)
        default: .refused(404)
        }
    }

    /// To one account, with copies for the sender's other devices.
    private mutating func relay(
        _ node: BinaryNode,
        _ envelope: MessageEnvelope,
        id: String,
        to addressee: JID,
        from sender: DeviceAddress
    ) -> MessageVerdict {
        guard let recipient = number(of: addressee) else { return .refused(404) }
        let form = AddressingForm(addressee.server)
        let origin: BinaryNode.Attributes = [
            "from": .jid(jid(of: sender, by: form)),
            (form == .lid ? "sender_pn" : "sender_lid"): .jid(
                jid(of: DeviceAddress(number: sender.number, device: 0), by: form.other)
            ),
        ]
        guard node.child("participants") != nil else {
            // For one device: a peer message, or the answer to a retry receipt.
            guard let target = address(of: addressee), target != sender else { return .refused(404) }
            var attributes = origin
            attributes["recipient"] = node.attributes["recipient"]
            deliver(envelope.copy(own: [], includesShared: true, attributes), id: id, to: target)
            return .accepted
        }
        if load == nil {
            phones[recipient]?.meet(sender.number)
            phones[sender.number]?.meet(recipient)
        }
        var toOwn = origin
        if recipient != sender.number {
            toOwn["recipient"] = .jid(addressee.withoutDevice)
            toOwn[form == .lid ? "peer_recipient_pn" : "peer_recipient_lid"] = .jid(
                jid(of: DeviceAddress(number: recipient, device: 0), by: form.other)
            )
        }
        // Whoever is blocked does not notice.
        let isBlocked = isBlocked(sender.number, by: recipient)
        for (jid, ciphertexts) in MessageEnvelope.targets(of: node) {
            // Whoever is meant by an outdated list is left out.
            guard let target = address(of: jid), target != sender, !ciphertexts.isEmpty else { continue }
            if target.number == recipient, recipient != sender.number {
                guard !isBlocked else { continue }
                deliver(envelope.copy(own: ciphertexts, includesShared: false, origin), id: id, to: target)
            } else if target.number == sender.number {
                deliver(envelope.copy(own: ciphertexts, includesShared: false, toOwn), id: id, to: target)
            }
        }
        return .accepted
    }
}
