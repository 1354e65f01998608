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
        add(.save)
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
        for token in tokens.children("token").prefix(64) {
            guard let jid = token.attributes.jid("jid"), let recipient = number(of: jid) else { continue }
            let time = token.attributes.integer("t", as: UInt64.self) ?? unixTime
            issueToken(by: address.number, to: recipient, at: time, form: AddressingForm(jid.server))
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
        let change = changeBlock(of: jid, action == "block", in: address.number)
        sendBlocklist(iq, address, on: id)
        tellOwnDevices(change, of: address)
    }

    /// Blocks somebody at a phone, or no longer; its companions are told.
    mutating func setBlock(of jid: JID, _ isBlocked: Bool, by address: DeviceAddress) {
        tellOwnDevices(changeBlock(of: jid, isBlocked, in: address.number), of: address)
    }

    /// What other devices are told of the change.
    private mutating func changeBlock(of jid: JID, _ isBlocked: Bool, in number: String) -> BinaryNode {
        let before = accounts[number].blocklistHash
        accounts[number].blocked.removeAll { $0 == jid }
        if isBlocked { accounts[number].blocked.append(jid) }
        accounts[number].blocklistVersion += 1
        add(.save)
        return BinaryNode(
            "blocklist",
            [
                "action": "modify", "prev_dhash": .text(before), "dhash": .text(accounts[number].blocklistHash),
            ],
            children: [BinaryNode("item", ["jid": .jid(jid), "action": isBlocked ? "block" : "unblock"])]
        )
    }
}
