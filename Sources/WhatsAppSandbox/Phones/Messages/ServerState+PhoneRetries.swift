import Foundation
import SignalProtocol
import WhatsAppProtobufs
import WhatsAppWire

/// How often a phone has asked for messages again.
struct RetryCounts: Sendable {
    struct Name: Hashable, Sendable {
        let id: String
        let reader: String
        let sender: DeviceAddress
    }

    /// Nobody is asked more often for one message.
    static let attempts = 5
    private static let capacity = 5_000
    private var counts: [Name: Int] = [:]

    /// The number of the next attempt; nil when there have been enough.
    mutating func next(_ name: Name) -> Int? {
        if counts.count >= Self.capacity, let other = counts.keys.first { counts[other] = nil }
        let count = counts[name, default: 0] + 1
        guard count <= Self.attempts else { return nil }
        counts[name] = count
        return count
    }
}

extension ServerState {
    /// A phone could not decrypt a message and asks the sending device for it again.
    mutating func askAgain(
        _ node: BinaryNode,
        id: String,
        from: JID,
        sender: DeviceAddress,
        at number: String,
        because error: SignalError
    ) {
        let name = RetryCounts.Name(id: id, reader: number, sender: sender)
        guard let count = retries.next(name), let phone = phones[number] else { return }
        load?.couldNotDecrypt()
        add(.note(.undecryptable("\(error)"), ConnectionID(rawValue: 0)))
        var children = [
            BinaryNode(
                "retry",
                [
                    "v": "1", "id": .text(id), "t": node.attributes["t"], "count": .text(String(count)),
                    "error": .text(String(error.retryReason)),
                ]
            ),
            BinaryNode("registration", bytes: phone.keys.registrationID.fourBytes),
        ]
        if count > 1 {
            let key = phones[number]?.signal.oneTimeKeys.issue(using: &random)
            children.append(keysNode(of: phone, oneTimeKey: key))
        }
        var receipt = BinaryNode(
            "receipt",
            [
                "id": .text(id), "to": .jid(from), "type": "retry", "participant": node.attributes["participant"],
                "recipient": node.attributes["recipient"],
            ],
            children: children
        )
        receipt.attributes["category"] = node.attributes["category"]
        forward(receipt: receipt, type: "retry", from: phone.address)
    }

    private func keysNode(of phone: Phone, oneTimeKey: PreKey?) -> BinaryNode {
        let signed = PublicSignedPreKey(
            id: phone.keys.signedPreKey.id,
            value: phone.keys.signedPreKey.keyPair.publicKey,
            signature: phone.keys.signedPreKey.signature
        )
        var nodes = [
            BinaryNode("type", bytes: [5]),
            BinaryNode("identity", bytes: phone.keys.identity.publicKey),
        ]
        if let oneTimeKey {
            nodes.append(PreKeyStore.Key(id: oneTimeKey.id, value: oneTimeKey.keyPair.publicKey).node)
        }
        return BinaryNode("keys", children: nodes + [signed.node])
    }

    /// Somebody could not decrypt a message of the phone's: the same again, in a fresh session, for that device.
    mutating func sendAgain(
        _ receipt: BinaryNode,
        id: String,
        at number: String,
        to reader: DeviceAddress,
        chat: JID
    ) {
        let count = receipt.child("retry")?.attributes.integer("count") ?? 1
        guard count < RetryCounts.attempts, let phone = phones[number] else { return }
        let peer = reader.number == number ? peerMessages.content(id, to: reader) : nil
        let known = peer ?? phone.log.sent(id, by: phone.address)?.content
        guard let content = known ?? load?.text(id: id).map(WAMessage.init(text:)) else { return }
        let bundle: PreKeyBundle?
        if let keys = receipt.child("keys") {
            bundle = PreKeyBundle(keys, registration: receipt.child("registration"))
        } else {
            bundle = takeBundle(of: reader)
        }
        guard let bundle else { return }
        do {
            try phones[number]?.signal.start(with: reader, bundle, using: &random)
        } catch {
            return
        }
        var outline = StanzaOutline(content)
        var message = content
        let isGroup = chat.server == .group || chat.server == .broadcast
        if isGroup {
            outline.meta = nil
            message.senderKeyDistributionMessage = distribution(of: number, for: chat)
        } else if peer == nil, reader.number == number, let place = phone.log.sent(id, by: phone.address)?.chat {
            message = content.deviceSent(to: wireName(place, for: phone))
        }
        var attributes = outline.encryptionAttributes
        attributes["count"] = .text(String(count))
        guard let enc = encrypt(padded(message), by: number, for: reader, by: .lid, attributes) else { return }
        var node = stanza(outline, id: id, to: chat, children: [enc])
        if isGroup { node.attributes["participant"] = receipt.attributes["participant"] }
        if peer != nil { node.attributes["category"] = "peer" }
        if peer == nil, reader.number == number, let place = phone.log.sent(id, by: phone.address)?.chat, !isGroup {
            node.attributes["recipient"] = .jid(wireName(place, for: phone))
        }
        if isGroup { phones[number]?.signal.groupKeys[chat.description]?.holders.insert(reader) }
        _ = relay(node, from: phone.address)
    }

    /// A chat in the form that the phone's stanzas use.
    func wireName(_ chat: JID, for phone: Phone) -> JID {
        guard phone.account.isLIDMigrated, let number = number(of: chat) else { return chat }
        return jid(of: phoneAddress(number), by: .lid)
    }

    /// The phone's key of a group in the form in which it is handed out.
    mutating func distribution(of number: String, for group: JID) -> WAGroupSenderKeyDistribution {
        var distribution = WAGroupSenderKeyDistribution()
        distribution.groupID = group.description
        if let key = phones[number]?.signal.groupKey(group.description, using: &random).key {
            distribution.axolotlSenderKeyDistributionMessage = Data(key.distribution())
        }
        return distribution
    }
}

extension WAMessage {
    fileprivate init(text: String) {
        self.init()
        conversation = text
    }
}

extension PreKeyBundle {
    /// The keys in a retry receipt; nil when one is missing or not signed by its identity.
    init?(_ keys: BinaryNode, registration: BinaryNode?) {
        guard
            let registrationID = registration?.bytes.flatMap({ UInt32(bigEndian: $0) }),
            let identity = keys.child("identity")?.bytes, identity.count == 32,
            let signed = keys.child("skey").flatMap({ PublicSignedPreKey($0, identity: Array(identity)) })
        else { return nil }
        let key = keys.child("key").flatMap { PreKeyStore.Key($0) }
        self.init(
            registrationID: registrationID,
            identityKey: Array(identity),
            signedPreKeyID: signed.id,
            signedPreKey: signed.value,
            signature: signed.signature,
            preKey: key.map { ($0.id, $0.value) }
        )
    }
}

extension SignalError {
    /// The number of the reason in a retry receipt.
    fileprivate var retryReason: Int {
        switch self {
        case .noSession, .noSenderKey: 1
        case .weakKey: 2
        case .unknownPreKey, .unknownSignedPreKey: 3
        case .malformed, .unsupportedVersion: 4
        case .invalidSignature: 5
        case .tooFarAhead: 6
        case .badMAC: 7
        case .corruptRecord: 8
        case .unknownCompanion: 12
        case .duplicate, .chainExhausted, .cipherUnavailable: 0
        }
    }
}
