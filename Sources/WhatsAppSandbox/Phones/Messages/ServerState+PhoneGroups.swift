import Foundation
import SignalProtocol
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// A phone's message to a group: its key to every device that does not have it, the message to all.
    mutating func groupStanza(
        _ message: WAMessage,
        _ outline: StanzaOutline,
        id: String,
        from phone: DeviceAddress,
        to group: SandboxGroup
    ) -> BinaryNode {
        var devices: [DeviceAddress] = []
        for number in group.members { devices += allDevices(of: number) }
        let others = Set(devices).subtracting([phone])
        let name = group.jid.description
        let holders = phones[phone.number]?.signal.groupKeys[name]?.holders ?? []
        // Whoever has left must not read on.
        if !holders.isSubset(of: others) { phones[phone.number]?.signal.groupKeys[name] = nil }
        let handout = padded(keyMessage(of: phone.number, for: group.jid))
        let known = phones[phone.number]?.signal.groupKeys[name]?.holders ?? []
        var targets: [BinaryNode] = []
        for target in devices where target != phone && !known.contains(target) {
            guard let enc = encrypt(handout, by: phone.number, for: target, by: group.form, [:]) else { continue }
            phones[phone.number]?.signal.groupKeys[name]?.holders.insert(target)
            targets.append(
                BinaryNode("to", ["jid": .jid(jid(of: target, by: group.form))], children: [enc])
            )
        }
        let plain = padded(message)
        var children = targets.isEmpty ? [] : [BinaryNode("participants", children: targets)]
        if let ciphertext = try? phones[phone.number]?.signal.encrypt(plain, group: name, using: &random) {
            var attributes = outline.encryptionAttributes
            attributes["v"] = "2"
            attributes["type"] = "skmsg"
            children.append(BinaryNode("enc", attributes, bytes: ciphertext))
        }
        var node = stanza(outline, id: id, to: group.jid, children: children)
        node.attributes["addressing_mode"] = group.form.mode
        node.attributes["phash"] = .text(DeviceHash.phash(of: devices.map { jid(of: $0, by: group.form) }))
        return node
    }

    mutating func keyMessage(of number: String, for group: JID) -> WAMessage {
        var message = WAMessage()
        message.senderKeyDistributionMessage = distribution(of: number, for: group)
        return message
    }
}
