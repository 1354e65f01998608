import WhatsAppCrypto
import WhatsAppWire

extension ServerState {
    /// To every device of every member but the sending one: the group's ciphertext, and the device's own where there is one.
    ///
    /// With `participant` on the stanza, as an answer to a retry receipt has it, to that device alone.
    mutating func relay(
        _ node: BinaryNode,
        _ envelope: MessageEnvelope,
        id: String,
        group jid: JID,
        from sender: DeviceAddress
    ) -> MessageVerdict {
        guard let group = group(jid) else { return .refused(404) }
        guard group.has(sender.number), !group.isCommunity else { return .refused(403) }
        guard !group.settings.isAnnouncement || group.isAdmin(sender.number) else { return .refused(403) }
        let form = group.form
        if let mode = node.attributes.text("addressing_mode"), mode != form.mode.text { return .refused(421) }
        let origin: BinaryNode.Attributes = [
            "from": .jid(group.jid), "participant": .jid(self.jid(of: sender, by: form)),
            (form == .lid ? "participant_pn" : "participant_lid"): .jid(person(sender.number, by: form.other)),
            "addressing_mode": form.mode,
        ]
        if let only = node.attributes.jid("participant") {
            guard let target = address(of: only), target != sender else { return .refused(404) }
            deliver(envelope.copy(own: [], includesShared: true, origin), id: id, to: target)
            return .accepted
        }
        var own: [DeviceAddress: [BinaryNode]] = [:]
        for (jid, ciphertexts) in MessageEnvelope.targets(of: node) {
            if let target = address(of: jid) { own[target] = ciphertexts }
        }
        let devices = group.members.flatMap { allDevices(of: $0) }
        for target in devices where target != sender {
            deliver(envelope.copy(own: own[target] ?? [], includesShared: true, origin), id: id, to: target)
        }
        guard let claimed = node.attributes.text("phash") else { return .accepted }
        let actual = DeviceHash.phash(of: devices.map { self.jid(of: $0, by: form) })
        return MessageVerdict(deviceHash: claimed == actual ? nil : actual)
    }
}
