import Crypto
import Foundation
import SignalProtocol
import WhatsAppWire

extension ServerState {
    /// Namespace `encrypt`: a device's own keys, and those of others.
    mutating func preKeyRequest(_ iq: BinaryNode, from address: DeviceAddress, on id: ConnectionID) {
        guard let device = phones[address.number]?.devices[address.device] else {
            return reject(iq, code: 401, "not-authorized", on: id)
        }
        if iq.attributes.text("type") == "set" {
            if let rotation = iq.child("rotate") {
                rotate(iq, rotation, device, address, on: id)
            } else if iq.child("list") != nil || iq.child("skey") != nil {
                upload(iq, device, address, on: id)
            } else {
                reply(to: iq, on: id)
            }
        } else if iq.child("count") != nil {
            reply(to: iq, children: [BinaryNode("count", ["value": .text(String(device.preKeys.count))])], on: id)
        } else if iq.child("digest") != nil {
            reply(to: iq, children: [digest(of: device)], on: id)
        } else if let request = iq.child("key") {
            let asked = request.children("user").prefix(1_000)
            let users = asked.map { bundle(for: $0) }
            reply(to: iq, children: [BinaryNode("list", children: users)], on: id)
            for jid in asked.compactMap({ $0.attributes.jid("jid") }) {
                if let address = self.address(of: jid) { warnOfLowPreKeys(address) }
            }
        } else {
            add(.note(.unknownRequest(namespace: "encrypt", child: iq.children.first?.tag ?? ""), id))
            reply(to: iq, on: id)
        }
    }

    /// People of whom nothing more is heard use up a device's one-time keys, all but so many.
    mutating func usePreKeys(of address: DeviceAddress, leaving count: Int) {
        phones[address.number]?.devices[address.device]?.preKeys.take(leaving: count)
        warnOfLowPreKeys(address)
        add(.save)
    }

    private mutating func upload(
        _ iq: BinaryNode,
        _ device: LinkedDevice,
        _ address: DeviceAddress,
        on id: ConnectionID
    ) {
        if let code = faults.takePreKeyRefusal(number: address.number, device: address.device) {
            return reject(iq, code: code, "refused", on: id)
        }
        let keys = iq.child("list")?.children("key") ?? []
        let uploaded = keys.compactMap(PreKeyStore.Key.init)
        guard
            keys.count == uploaded.count, keys.count <= PreKeyStore.capacity,
            let identity = iq.child("identity")?.bytes, constantTimeEqual(identity, device.keys.identity),
            let skey = iq.child("skey"), let signed = PublicSignedPreKey(skey, identity: device.keys.identity)
        else { return reject(iq, code: 406, "not-acceptable", on: id) }
        phones[address.number]?.devices[address.device]?.keys.signedPreKey = signed
        if let registration = iq.child("registration")?.bytes.flatMap({ UInt32(bigEndian: $0) }) {
            phones[address.number]?.devices[address.device]?.keys.registrationID = registration
        }
        phones[address.number]?.devices[address.device]?.preKeys.add(uploaded)
        add(.save)
        reply(to: iq, on: id)
    }

    private mutating func rotate(
        _ iq: BinaryNode,
        _ rotation: BinaryNode,
        _ device: LinkedDevice,
        _ address: DeviceAddress,
        on id: ConnectionID
    ) {
        guard
            let skey = rotation.child("skey"),
            let signed = PublicSignedPreKey(skey, identity: device.keys.identity)
        else { return reject(iq, code: 406, "not-acceptable", on: id) }
        phones[address.number]?.devices[address.device]?.keys.signedPreKey = signed
        add(.save)
        reply(to: iq, on: id)
    }

    /// What the server holds of a device, with a SHA-1 over it.
    private func digest(of device: LinkedDevice) -> BinaryNode {
        var hash = Insecure.SHA1()
        hash.update(data: device.keys.identity)
        hash.update(data: device.keys.signedPreKey.value)
        hash.update(data: device.keys.signedPreKey.signature)
        for key in device.preKeys.keys { hash.update(data: key.value) }
        return BinaryNode(
            "digest",
            children: Self.identityNodes(device.keys) + [
                device.keys.signedPreKey.node,
                BinaryNode(
                    "list",
                    children: device.preKeys.keys.map { BinaryNode("id", bytes: $0.id.threeBytes) }
                ),
                BinaryNode("hash", bytes: Array(hash.finalize())),
            ]
        )
    }

    private static func identityNodes(_ keys: CompanionKeys) -> [BinaryNode] {
        [
            BinaryNode("registration", bytes: keys.registrationID.fourBytes),
            BinaryNode("type", bytes: [5]),
            BinaryNode("identity", bytes: keys.identity),
        ]
    }

    /// The keys to start a session with one device; the JID comes back in the form it was asked in.
    private mutating func bundle(for user: BinaryNode) -> BinaryNode {
        let asked = user.attributes["jid"]
        guard let jid = asked?.jid, var phone = phone(of: jid) else { return Self.unknown(asked) }
        var children: [BinaryNode]
        if jid.device == 0 {
            let key = phone.signal.oneTimeKeys.issue(using: &random)
            phones[phone.account.number] = phone
            let signed = PublicSignedPreKey(
                id: phone.keys.signedPreKey.id,
                value: phone.keys.signedPreKey.keyPair.publicKey,
                signature: phone.keys.signedPreKey.signature
            )
            let keys = CompanionKeys(
                registrationID: phone.keys.registrationID,
                identity: phone.keys.identity.publicKey,
                signedPreKey: signed
            )
            children =
                Self.identityNodes(keys) + [
                    signed.node, PreKeyStore.Key(id: key.id, value: key.keyPair.publicKey).node,
                ]
        } else {
            guard let device = phone.devices[jid.device] else { return Self.unknown(asked) }
            children = Self.identityNodes(device.keys) + [device.keys.signedPreKey.node]
            let address = DeviceAddress(number: phone.account.number, device: jid.device)
            if let key = takePreKey(of: address) { children.append(key.node) }
            children.append(BinaryNode("device-identity", bytes: device.identity))
        }
        add(.save)
        return BinaryNode("user", ["jid": .jid(jid), "t": .text(String(unixTime))], children: children)
    }

    private static func unknown(_ asked: BinaryNode.Value?) -> BinaryNode {
        BinaryNode(
            "user",
            ["jid": asked.map { $0.jid.map { .jid($0) } ?? $0 }],
            children: [BinaryNode("error", ["code": "404", "text": "item-not-found"])]
        )
    }

    /// Asks a device for more one-time keys when it has few left.
    mutating func warnOfLowPreKeys(_ address: DeviceAddress) {
        guard
            phones[address.number]?.devices[address.device]?.preKeys.reportsLow() == true,
            let count = phones[address.number]?.devices[address.device]?.preKeys.count
        else { return }
        let id = newStanzaID()
        let node = BinaryNode(
            "notification",
            ["from": .jid(.server), "type": "encrypt", "id": .text(id), "t": .text(String(unixTime))],
            children: [BinaryNode("count", ["value": .text(String(count))])]
        )
        deliver(node, id: id, to: address)
    }
}

extension PreKeyStore.Key {
    /// Reads `<key><id>3 bytes</id><value>32 bytes</value></key>`.
    init?(_ node: BinaryNode) {
        guard
            let id = node.child("id")?.bytes, id.count <= 3, let number = UInt32(bigEndian: id),
            let value = node.child("value")?.bytes, value.count == 32
        else { return nil }
        self.init(id: number, value: Array(value))
    }

    var node: BinaryNode {
        BinaryNode("key", children: [BinaryNode("id", bytes: id.threeBytes), BinaryNode("value", bytes: value)])
    }
}

extension PublicSignedPreKey {
    /// Reads `<skey><id/><value/><signature/></skey>`; nil also when the identity key did not sign it.
    init?(_ node: BinaryNode, identity: [UInt8]) {
        guard
            let id = node.child("id")?.bytes, id.count <= 3, let number = UInt32(bigEndian: id),
            let value = node.child("value")?.bytes, value.count == 32,
            let signature = node.child("signature")?.bytes,
            XEdDSA.isValid(signature, for: [5] + value, publicKey: identity)
        else { return nil }
        self.init(id: number, value: Array(value), signature: Array(signature))
    }

    var node: BinaryNode {
        BinaryNode(
            "skey",
            children: [
                BinaryNode("id", bytes: id.threeBytes), BinaryNode("value", bytes: value),
                BinaryNode("signature", bytes: signature),
            ]
        )
    }
}
