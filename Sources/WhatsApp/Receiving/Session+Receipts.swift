internal import Foundation
package import WhatsAppWire

extension Session {
    /// Works through a `receipt`: what became of messages, or a question for one again.
    func handleReceipt(_ node: BinaryNode) async {
        guard let from = node.attributes.jid("from"), let own = credentials.account else { return }
        if node.attributes.text("type") == "retry" { return await handleRetryReceipt(node, from: from) }
        learnNames(of: node, from: node.attributes.jid("participant") ?? from)
        let receipts = MessageReceipt.read(node, own: own)
        for receipt in receipts where !receipt.isOwnDevice {
            for id in receipt.ids {
                outbox.staged.statuses.append(
                    MessageStatusChange(chat: receipt.chat.description, id: id, status: receipt.status)
                )
            }
        }
        tell(receipts)
    }

    private func learnNames(of node: BinaryNode, from: JID) {
        if let phone = node.attributes.jid("participant_pn") ?? node.attributes.jid("sender_pn"), from.server == .lid {
            learn(lid: from.withoutDevice, phone: phone.withoutDevice)
        }
        if let lid = node.attributes.jid("participant_lid") ?? node.attributes.jid("sender_lid"), from.server == .user {
            learn(lid: lid.withoutDevice, phone: from.withoutDevice)
        }
    }

    /// Tells the authors that messages of a chat have been read, or played; at most 256 at a time.
    ///
    /// `author` is who wrote them, for groups.
    package func markRead(_ ids: [String], in chat: JID, author: JID?, isPlayed: Bool = false) throws(RequestError) {
        guard !ids.isEmpty, let first = ids.first else { return }
        guard ids.count <= ReceiptQueue.limit else {
            throw .invalid(field: "ids", reason: "At most \(ReceiptQueue.limit) messages at a time.")
        }
        var attributes: BinaryNode.Attributes = [
            "id": .text(first), "to": .jid(chat), "type": isPlayed ? "played" : "read",
            "t": .text(String(Int(now.timeIntervalSince1970))),
        ]
        if !chat.isPerson { attributes["participant"] = author.map { .jid($0.withoutDevice) } }
        if chat.server == .broadcast { attributes["context"] = "status" }
        let items = ids.dropFirst().map { BinaryNode("item", ["id": .text($0)]) }
        let list = items.isEmpty ? [] : [BinaryNode("list", children: items)]
        try sendStanza(BinaryNode("receipt", attributes, content: list.isEmpty ? .none : .nodes(list)))
    }
}
