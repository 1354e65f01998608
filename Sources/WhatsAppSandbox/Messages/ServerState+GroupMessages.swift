import WhatsAppCrypto
import WhatsAppWire

extension ServerState {
    /// To all devices of all members, or, as the answer to a retry receipt, to one.
    mutating func relay(
        _ node: BinaryNode,
        _ envelope: MessageEnvelope,
        id: String,
        toGroup jid: JID,
        from sender: DeviceAddress
    ) -> MessageVerdict {
        guard let group = group(jid) else { return .refused(404) }
        guard group.has(sender.number), !group.isCommunity else { return .refused(403) }
        if group.settings.isAnnouncement, !group.isAdmin(sender.number) { return .refused(403) }
        if let mode = node.attributes["addressing_mode"], mode.text != group.form.mode.text { return .refused(421) }
        let origin = groupOrigin(jid, sender, by: group.form, mode: group.form.mode)
        if let participant = node.attributes.jid("participant") {
            guard let target = address(of: participant), target != sender else { return .refused(404) }
            deliver(envelope.copy(own: [], includesShared: true, origin), id: id, to: target)
            return .accepted
        }
        if let reader = loadReader(of: group) {
            fanOut(node, envelope, id: id, to: [reader], from: sender, origin)
            return .accepted
        }
        var members: [DeviceAddress] = []
        for number in group.members { members += allDevices(of: number) }
        fanOut(node, envelope, id: id, to: members, from: sender, origin)
        guard let claimed = node.attributes.text("phash") else { return .accepted }
        let actual = DeviceHash.phash(of: members.map { self.jid(of: $0, by: group.form) })
        return MessageVerdict(deviceHash: claimed == actual ? nil : actual)
    }

    /// To the people named in a status post, under the LIDs of all.
    mutating func relay(
        _ node: BinaryNode,
        _ envelope: MessageEnvelope,
        id: String,
        toBroadcast jid: JID,
        from sender: DeviceAddress
    ) -> MessageVerdict {
        guard node.attributes["addressing_mode"] == nil else { return .refused(479) }
        let origin = groupOrigin(jid, sender, by: .lid, mode: nil)
        if let participant = node.attributes.jid("participant") {
            guard let target = address(of: participant), target != sender else { return .refused(404) }
            deliver(envelope.copy(own: [], includesShared: true, origin), id: id, to: target)
            return .accepted
        }
        var readers: [DeviceAddress] = []
        var seen: Set<String> = []
        for (jid, _) in MessageEnvelope.targets(of: node) {
            guard let number = number(of: jid), seen.insert(number).inserted else { continue }
            readers += allDevices(of: number)
        }
        fanOut(node, envelope, id: id, to: readers, from: sender, origin)
        return .accepted
    }

    private func groupOrigin(
        _ chat: JID,
        _ sender: DeviceAddress,
        by form: AddressingForm,
        mode: BinaryNode.Value?
    ) -> BinaryNode.Attributes {
        let account = DeviceAddress(number: sender.number, device: 0)
        return [
            "from": .jid(chat), "participant": .jid(jid(of: sender, by: form)),
            (form == .lid ? "participant_pn" : "participant_lid"): .jid(jid(of: account, by: form.other)),
            "addressing_mode": mode,
        ]
    }

    /// The shared ciphertext to every device but the sender's, after its own where it has one.
    private mutating func fanOut(
        _ node: BinaryNode,
        _ envelope: MessageEnvelope,
        id: String,
        to devices: [DeviceAddress],
        from sender: DeviceAddress,
        _ origin: BinaryNode.Attributes
    ) {
        var own: [DeviceAddress: [BinaryNode]] = [:]
        for (jid, ciphertexts) in MessageEnvelope.targets(of: node) {
            if let target = address(of: jid) { own[target] = ciphertexts }
        }
        for target in devices where target != sender {
            let ciphertexts = own[target] ?? []
            guard !ciphertexts.isEmpty || !envelope.shared.isEmpty else { continue }
            deliver(envelope.copy(own: ciphertexts, includesShared: true, origin), id: id, to: target)
        }
    }
}
