import SignalProtocol
import WhatsAppWire

extension ServerState {
    /// Namespace `privacy`: settings, exclusion lists and trusted-contact tokens.
    mutating func privacyRequest(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        if let tokens = iq.child("tokens") { return issue(tokens, iq, address, on: id) }
        guard let request = iq.child("privacy") else { return reject(iq, code: 400, "bad-request", on: id) }
        if iq.attributes.text("type") == "set" {
            setPrivacy(iq, request, address, on: id)
        } else if let list = request.child("list") {
            sendExclusions(iq, list, address, on: id)
        } else {
            let categories = accounts[address.number].privacy.sorted { $0.key < $1.key }
                .map { BinaryNode("category", ["name": .text($0.key), "value": .text($0.value)]) }
            reply(to: iq, children: [BinaryNode("privacy", children: categories)], on: id)
        }
    }

    private mutating func setPrivacy(
        _ iq: BinaryNode,
        _ request: BinaryNode,
        _ address: DeviceAddress,
        on id: ConnectionID
    ) {
        for category in request.children("category").prefix(16) {
            guard
                let name = category.attributes.text("name"), AccountProfile.openPrivacy[name] != nil,
                let value = category.attributes.text("value"), value.utf8.count <= 32
            else { return reject(iq, code: 400, "bad-request", on: id) }
            let users = category.children("user").prefix(1_000)
            if value == "contact_blacklist", !users.isEmpty {
                var list = accounts[address.number].exclusions[name] ?? AccountProfile.Exclusions()
                let expected = list.version == 0 ? "none" : "e\(list.version)"
                guard category.attributes.text("dhash") == expected else {
                    return reject(iq, code: 409, "conflict", on: id)
                }
                for user in users {
                    guard let jid = user.attributes.jid("jid") else { continue }
                    list.users.removeAll { $0 == jid }
                    if user.attributes.text("action") == "add" { list.users.append(jid) }
                }
                list.version += 1
                accounts[address.number].exclusions[name] = list
            }
            accounts[address.number].privacy[name] = value
        }
        reply(to: iq, on: id)
        tellOwnDevices(BinaryNode("privacy"), of: address)
    }

    private mutating func sendExclusions(
        _ iq: BinaryNode,
        _ list: BinaryNode,
        _ address: DeviceAddress,
        on id: ConnectionID
    ) {
        let name = list.attributes.text("name") ?? ""
        let known = accounts[address.number].exclusions[name]
        var node = BinaryNode("list", ["name": .text(name), "value": "contact_blacklist"])
        if let known, known.version > 0 {
            node.attributes["dhash"] = .text("e\(known.version)")
            node.content = .nodes(known.users.map { BinaryNode("user", ["jid": .jid($0)]) })
        }
        reply(to: iq, children: [BinaryNode("privacy", children: [node])], on: id)
    }

    /// Gives the account's tokens to those that they are for.
    private mutating func issue(
        _ tokens: BinaryNode,
        _ iq: BinaryNode,
        _ address: DeviceAddress,
        on id: ConnectionID
    ) {
        reply(to: iq, on: id)
        guard let sender = phones[address.number] else { return }
        for token in tokens.children("token").prefix(64) {
            guard let jid = token.attributes.jid("jid"), let recipient = number(of: jid) else { continue }
            let value = randomBytes(16, using: &random)
            for target in allDevices(of: recipient) where target.device != 0 {
                let child = BinaryNode(
                    "token",
                    [
                        "type": "trusted_contact", "t": token.attributes["t"] ?? .text(String(unixTime)),
                        "jid": .jid(self.jid(of: target, by: AddressingForm(jid.server))),
                    ],
                    bytes: value
                )
                let stanza = newStanzaID()
                let node = BinaryNode(
                    "notification",
                    [
                        "from": .jid(sender.jid), "sender_lid": .jid(sender.lid), "type": "privacy_token",
                        "id": .text(stanza), "t": .text(String(unixTime)),
                    ],
                    children: [BinaryNode("tokens", children: [child])]
                )
                deliver(node, id: stanza, to: target)
            }
        }
    }

    // MARK: Blocking

    mutating func sendBlocklist(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        let profile = accounts[address.number]
        let items = profile.blocked.map { jid in
            BinaryNode(
                "item",
                ["jid": .jid(jid), "pn_jid": jid.server == .lid ? phone(of: jid).map { .jid($0.jid) } : nil]
            )
        }
        reply(
            to: iq,
            children: [BinaryNode("list", ["dhash": .text(profile.blocklistHash)], children: items)],
            on: id
        )
    }

    /// A block by LID must have the number beside it; by number alone as accounts block that have not moved to LIDs.
    mutating func changeBlocklist(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        guard
            let item = iq.child("item"), let jid = item.attributes.jid("jid")?.withoutDevice,
            let action = item.attributes.text("action"), number(of: jid) != nil
        else { return reject(iq, code: 400, "bad-request", on: id) }
        guard action != "block" || jid.server != .lid || item.attributes["pn_jid"] != nil else {
            return reject(iq, code: 400, "bad-request", on: id)
        }
        let before = accounts[address.number].blocklistHash
        accounts[address.number].blocked.removeAll { $0 == jid }
        if action == "block" { accounts[address.number].blocked.append(jid) }
        accounts[address.number].blocklistVersion += 1
        sendBlocklist(iq, address, on: id)
        let change = BinaryNode(
            "blocklist",
            [
                "action": "modify", "prev_dhash": .text(before),
                "dhash": .text(accounts[address.number].blocklistHash),
            ],
            children: [BinaryNode("item", ["jid": .jid(jid), "action": .text(action)])]
        )
        tellOwnDevices(change, of: address)
    }
}
