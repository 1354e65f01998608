internal import Foundation
internal import WhatsAppWire

/// Receipts that are ready to go; those of one chat, sender and type share a stanza.
struct ReceiptQueue {
    struct Key: Hashable {
        var to: String
        var participant: String?
        var recipient: String?
        var type: String?
        var context: String?
    }

    private(set) var order: [Key] = []
    private(set) var ids: [Key: [String]] = [:]

    /// Identifiers in one receipt.
    static let limit = 256

    mutating func append(_ id: String, to key: Key) {
        if ids[key] == nil { order.append(key) }
        guard ids[key]?.last != id else { return }
        ids[key, default: []].append(id)
    }

    mutating func take() -> [(key: Key, ids: [String])] {
        defer { self = ReceiptQueue() }
        return order.map { ($0, ids[$0] ?? []) }
    }
}

extension Session {
    /// Tells the service, once everything staged is durable, that a stanza need not be kept.
    func acknowledge(_ node: BinaryNode, error: Int? = nil) {
        var ack = Stanzas.acknowledgement(of: node)
        if node.tag == "message" {
            ack.attributes["type"] = nil
            ack.attributes["from"] = credentials.account.map { .jid($0.jid) }
        }
        if let error { ack.attributes["error"] = .text(String(error)) }
        let stanza = ack
        let number = connection.number
        afterCommit { session in
            guard session.connection.number == number else { return }
            try? session.sendStanza(stanza)
        }
    }

    /// Sends the receipt that a real client sends for a message it has, once everything staged is durable.
    func confirm(_ node: BinaryNode, _ envelope: MessageEnvelope) {
        afterCommit { $0.confirmNow(node, envelope) }
    }

    /// The same, for what is durable already.
    func confirmNow(_ node: BinaryNode, _ envelope: MessageEnvelope) {
        guard connection.isLoggedIn else { return }
        var key = ReceiptQueue.Key(to: envelope.from.description, participant: nil, recipient: nil, type: nil)
        if envelope.isPeer {
            key.type = "peer_msg"
        } else if envelope.isFromMe {
            key.type = "sender"
            if envelope.kind == .person {
                key.recipient = (envelope.recipient ?? envelope.chat).description
            } else {
                key.participant = envelope.device.description
            }
        } else {
            if !isAvailable { key.type = "inactive" }
            if envelope.kind != .person { key.participant = envelope.device.description }
            if envelope.chat.server == .broadcast, envelope.chat.user == "status" { key.context = "status" }
        }
        outbox.receipts.append(envelope.id, to: key)
    }

    /// Sends what `confirmNow` has collected.
    func sendReceipts() {
        for (key, ids) in outbox.receipts.take() {
            for start in stride(from: 0, to: ids.count, by: ReceiptQueue.limit) {
                try? sendStanza(receipt(key, Array(ids[start..<min(start + ReceiptQueue.limit, ids.count)])))
            }
        }
    }

    private func receipt(_ key: ReceiptQueue.Key, _ ids: [String]) -> BinaryNode {
        var attributes: BinaryNode.Attributes = ["id": ids.first.map { .text($0) }]
        attributes["to"] = JID(key.to).map { .jid($0) }
        attributes["type"] = key.type.map { .text($0) }
        attributes["participant"] = key.participant.flatMap { JID($0) }.map { .jid($0) }
        attributes["recipient"] = key.recipient.flatMap { JID($0) }.map { .jid($0) }
        attributes["context"] = key.context.map { .text($0) }
        guard ids.count > 1 else { return BinaryNode("receipt", attributes) }
        let items = ids.dropFirst().map { BinaryNode("item", ["id": .text($0)]) }
        return BinaryNode("receipt", attributes, children: [BinaryNode("list", children: items)])
    }
}
