import SignalProtocol
import WhatsAppWire

/// What companions ask for, by namespace.
extension ServerState {
    mutating func request(_ iq: BinaryNode, on id: ConnectionID) {
        guard let namespace = iq.attributes.text("xmlns") else {
            add(.note(.malformed("iq without xmlns"), id))
            return reject(iq, code: 400, "bad-request", on: id)
        }
        let address = connections[id]?.device
        let child = iq.children.first?.tag ?? ""
        if faults.isMuted(namespace: namespace, child: child, number: address?.number, device: address?.device) {
            return
        }
        switch namespace {
        case "md": return companionRequest(iq, on: id)
        case "w:p", "urn:xmpp:ping":
            return reply(to: iq, attributes: ["t": .text(String(unixTime))], on: id)
        default: break
        }
        guard let address, let phone = phones[address.number] else {
            return reject(iq, code: 401, "not-authorized", on: id)
        }
        if accountRequest(iq, namespace, from: address, on: id) { return }
        switch namespace {
        case "encrypt": preKeyRequest(iq, from: address, on: id)
        case "usync": userSync(iq, on: id)
        case "urn:xmpp:whatsapp:dirty": reply(to: iq, on: id)
        case "passive":
            reply(to: iq, on: id)
            if child == "active" { welcome(address) }
        case "abt": reply(to: iq, children: [Self.experiments(phone)], on: id)
        case "w":
            let isAboutProperties = iq.child("props") != nil
            reply(to: iq, children: isAboutProperties ? [Self.properties] : [], on: id)
        case "w:sync:app:state": appStateRequest(iq, from: address, on: id)
        case "w:g2": groupRequest(iq, from: address, on: id)
        case "w:m": mediaConnection(iq, phone: phone, on: id)
        default:
            add(.note(.unknownRequest(namespace: namespace, child: child), id))
            reply(to: iq, on: id)
        }
    }

    /// `<iq type="result">`; it comes from wherever the request went to.
    mutating func reply(
        to iq: BinaryNode,
        attributes: BinaryNode.Attributes = [:],
        children: [BinaryNode] = [],
        on id: ConnectionID
    ) {
        var answer = envelope(iq, type: "result")
        for attribute in attributes { answer.attributes[attribute.key] = attribute.value }
        if !children.isEmpty { answer.content = .nodes(children) }
        send(answer, to: id)
    }

    /// `<iq type="error"><error code text [backoff]/></iq>`.
    mutating func reject(_ iq: BinaryNode, code: Int, _ text: String, backoff: Int? = nil, on id: ConnectionID) {
        var answer = envelope(iq, type: "error")
        answer.content = .nodes([
            BinaryNode(
                "error",
                [
                    "code": .text(String(code)), "text": .text(text),
                    "backoff": backoff.map { .text(String($0)) },
                ]
            )
        ])
        send(answer, to: id)
    }

    private func envelope(_ iq: BinaryNode, type: String) -> BinaryNode {
        let addressee = iq.attributes.jid("to").map { BinaryNode.Value.jid($0) }
        return BinaryNode(
            "iq",
            ["from": addressee ?? .jid(.server), "type": .text(type), "id": iq.attributes["id"]]
        )
    }

    // MARK: Small answers

    /// `lid_one_on_one_migration_enabled`: private chats are addressed by LID.
    private static let lidMigration = "9435"

    /// No experiment is on but what holds for all present accounts.
    private static func experiments(_ phone: Phone) -> BinaryNode {
        let isMigrated = phone.account.isLIDMigrated ? "1" : "0"
        return BinaryNode(
            "props",
            ["protocol": "1", "ab_key": "", "hash": "sandbox", "refresh": "86400", "refresh_id": "1"],
            children: [BinaryNode("prop", ["config_code": .text(lidMigration), "config_value": .text(isMigrated)])]
        )
    }

    private static let properties = BinaryNode("props", ["hash": "sandbox", "refresh": "86400"])

    // MARK: md

    private mutating func companionRequest(_ iq: BinaryNode, on id: ConnectionID) {
        guard let child = iq.children.first else { return reply(to: iq, on: id) }
        switch child.tag {
        case "link_code_companion_reg": pairingCode(iq, child, on: id)
        case "remove-companion-device": removeCompanion(iq, child, on: id)
        case "ref": giveReference(iq, on: id)
        case "passkey_request_options": repeatPasskeyOptions(iq, on: id)
        case "passkey_prologue": passkeyPrologue(iq, child, on: id)
        case "companion_nonce": companionNonce(iq, child, on: id)
        case "encrypted_pairing_request": encryptedPairingRequest(iq, child, on: id)
        case "pair-device", "key-index-list": reject(iq, code: 403, "forbidden", on: id)
        default:
            add(.note(.unknownRequest(namespace: "md", child: child.tag), id))
            reply(to: iq, on: id)
        }
    }

    /// Logs out the device itself, another of the account, or all.
    private mutating func removeCompanion(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        guard let own = connections[id]?.device else { return reject(iq, code: 401, "not-authorized", on: id) }
        if request.attributes.text("all") == "true" {
            reply(to: iq, on: id)
            try? unlink(nil, of: own.number)
            return
        }
        guard let jid = request.attributes.jid("jid") else { return reject(iq, code: 400, "bad-request", on: id) }
        guard phone(of: jid)?.account.number == own.number else { return reject(iq, code: 403, "forbidden", on: id) }
        guard phones[own.number]?.devices[jid.device] != nil else {
            return reject(iq, code: 404, "item-not-found", on: id)
        }
        reply(to: iq, on: id)
        try? unlink(jid.device, of: own.number)
    }
}
