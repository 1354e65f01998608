import SignalProtocol
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// A phone's message for a group: its key for every device that lacks it, and one ciphertext for all.
    mutating func groupStanza(
        _ message: WAMessage,
        _ outline: StanzaOutline,
        id: String,
        from phone: DeviceAddress,
        to group: SandboxGroup
    ) -> BinaryNode {
        let name = group.jid.description
        if phones[phone.number]?.signal.groupKeys[name]?.holders.contains(where: { !group.has($0.number) }) == true {
            // Whoever has left could read on with it.
            phones[phone.number]?.signal.groupKeys[name] = nil
        }
        var key = WAMessage()
        key.senderKeyDistributionMessage = distribution(of: phone.number, for: group.jid)
        let holders = phones[phone.number]?.signal.groupKeys[name]?.holders ?? []
        let lacking = group.members.flatMap { allDevices(of: $0) }.filter { $0 != phone && !holders.contains($0) }
        var children: [BinaryNode] = []
        if !lacking.isEmpty {
            let plain = padded(key)
            var targets: [BinaryNode] = []
            for target in lacking {
                guard let node = encrypt(plain, by: phone.number, for: target, [:]) else { continue }
                targets.append(BinaryNode("to", ["jid": .jid(jid(of: target, by: group.form))], children: [node]))
                phones[phone.number]?.signal.groupKeys[name]?.holders.insert(target)
            }
            children.append(BinaryNode("participants", children: targets))
        }
        let plain = padded(message)
        if let ciphertext = try? phones[phone.number]?.signal.encrypt(plain, group: name, using: &random) {
            var attributes = outline.encryptionAttributes
            attributes["v"] = "2"
            attributes["type"] = "skmsg"
            children.append(BinaryNode("enc", attributes, bytes: ciphertext))
        }
        var node = stanza(outline, id: id, to: group.jid, children: children)
        node.attributes["addressing_mode"] = group.form.mode
        return node
    }
}
