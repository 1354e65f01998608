import Crypto
import Foundation
import WhatsAppWire

extension ServerState {
    /// Which users exist, with which devices and names: `<usync>`.
    mutating func userSync(_ iq: BinaryNode, on id: ConnectionID) {
        guard let request = iq.child("usync"), let query = request.child("query"), let list = request.child("list")
        else {
            return reject(iq, code: 400, "bad-request", on: id)
        }
        let protocols = query.children.prefix(16).map(\.tag)
        let users = list.children("user").prefix(5_000).compactMap { userSync($0, protocols: protocols) }
        var attributes: BinaryNode.Attributes = [:]
        for key in ["sid", "index", "last", "mode", "context"] { attributes[key] = request.attributes[key] }
        reply(
            to: iq,
            children: [
                BinaryNode(
                    "usync",
                    attributes,
                    children: [
                        BinaryNode("result", children: protocols.map { BinaryNode($0) }),
                        BinaryNode("list", children: users),
                    ]
                )
            ],
            on: id
        )
    }

    private func userSync(_ user: BinaryNode, protocols: [String]) -> BinaryNode? {
        let contact = user.child("contact")?.text.map { $0.filter(\.isASCIIDigit) }
        if let jid = user.attributes.jid("jid") {
            guard let phone = phone(of: jid) else { return nil }
            let children = protocols.compactMap { answer($0, phone: phone, isKnownByLID: jid.server == .lid) }
            return BinaryNode("user", ["jid": .jid(jid)], children: children)
        }
        guard let contact, !contact.isEmpty, contact.utf8.count <= 20 else { return nil }
        guard let phone = phones[contact] else {
            return BinaryNode(
                "user",
                ["jid": .jid(JID(user: contact, server: .user))],
                children: [BinaryNode("contact", ["type": "out"])]
            )
        }
        let children = protocols.compactMap { answer($0, phone: phone, isKnownByLID: false) }
        return BinaryNode("user", ["jid": .jid(phone.jid)], children: children)
    }

    private func answer(_ topic: String, phone: Phone, isKnownByLID: Bool) -> BinaryNode? {
        switch topic {
        case "devices": devices(of: phone)
        // Clients that asked by LID take a LID in answer for a broken mapping.
        case "lid": isKnownByLID ? nil : BinaryNode("lid", ["val": .jid(phone.lid)])
        case "contact": BinaryNode("contact", ["type": "in"])
        case "status": aboutNode(of: phone)
        case "disappearing_mode": BinaryNode("disappearing_mode", ["duration": "0", "t": "0"])
        case "business": businessNode(of: phone)
        case "picture": accounts[phone.account.number].picture.map { BinaryNode("picture", ["id": .text($0.id)]) }
        default: nil
        }
    }

    private func devices(of phone: Phone) -> BinaryNode {
        var list = [BinaryNode("device", ["id": "0"])]
        let isStale = faults.stands(.staleDevices, number: phone.account.number)
        for device in phone.devices.values.sorted(by: { $0.number < $1.number }) where !isStale {
            list.append(
                BinaryNode(
                    "device",
                    ["id": .text(String(device.number)), "key-index": .text(String(device.keyIndex))]
                )
            )
        }
        return BinaryNode(
            "devices",
            children: [
                BinaryNode("device-list", ["hash": .text(deviceHash(of: phone))], children: list),
                keyIndexNode(of: phone),
            ]
        )
    }

    /// A short name for an account's devices, which changes when they do.
    func deviceHash(of phone: Phone) -> String {
        Self.deviceHash(([0] + phone.devices.keys).map { phone.jid(of: $0) })
    }

    /// `2:` and the first six bytes of a SHA-256 over the sorted names, in which device 0 is written out.
    static func deviceHash(_ devices: some Sequence<JID>) -> String {
        let names = devices.map { jid in
            let server = jid.server == .legacyUser ? JID.Server.user : jid.server
            return "\(jid.user).0:\(jid.device)@\(server.name)"
        }
        let digest = SHA256.hash(data: Data(names.sorted().joined().utf8))
        return "2:" + Data(digest.prefix(6)).base64EncodedString()
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
