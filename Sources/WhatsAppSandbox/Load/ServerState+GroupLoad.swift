import SignalProtocol
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// Makes the groups of a load, of one session and phones that write; nobody is told.
    mutating func makeGroups(of order: LoadOrder) {
        for index in 0..<order.groups {
            let id = LoadOrder.group(index)
            guard groups.all[id] == nil else { continue }
            var group = SandboxGroup(
                id: id,
                subject: "Load \(index + 1)",
                creator: order.writer(0, inGroup: index),
                usesLIDs: true,
                inviteCode: newInviteCode(),
                now: now
            )
            for member in stride(from: 1, to: order.members - 1, by: 1) {
                group.put(order.writer(member, inGroup: index), .member)
            }
            group.put(LoadOrder.session(index % order.sessions), .member)
            groups.codes[group.inviteCode] = id
            groups.all[id] = group
        }
    }

    /// What a phone's message in a group comes to at one device: the phone's key before it, the first time.
    mutating func groupCiphertexts(
        _ padded: [UInt8],
        by writer: String,
        in group: String,
        for target: DeviceAddress
    ) -> [BinaryNode]? {
        let jid = JID(user: group, server: .group)
        let name = jid.description
        var nodes: [BinaryNode] = []
        // Whether there is a key that the target holds; to read it through the phone would copy the phone.
        if change(writer, { $0.signal.groupKeys[name]?.holders.contains(target) }) != true {
            let handout = self.padded(keyMessage(of: writer, for: jid))
            guard let key = encrypt(handout, by: writer, for: target, by: .lid, [:]) else { return nil }
            change(writer) { _ = $0.signal.groupKeys[name]?.holders.insert(target) }
            nodes.append(key)
        }
        var random = random
        let ciphertext = change(writer) { try? $0.signal.encrypt(padded, group: name, using: &random) }
        guard case let ciphertext?? = ciphertext else { return nil }
        nodes.append(BinaryNode("enc", ["v": "2", "type": "skmsg"], bytes: ciphertext))
        return nodes
    }

    /// The one phone of a load's group that reads what comes there; to read it once is enough to count it.
    func loadReader(of group: SandboxGroup) -> DeviceAddress? {
        guard load != nil else { return nil }
        return phoneAddress(group.creator)
    }
}
