internal import Foundation
package import WhatsAppWire

extension Session {
    /// Works through a `receipt`: what became of messages, or a question for one again.
    ///
    /// Wire form: `<receipt id from type? t participant? recipient?><list><item id/>…</list></receipt>`, or with
    /// `<participants key><user jid t type/>…</participants>` for many readers of one message.
    func handleReceipt(_ node: BinaryNode) async {
        guard let from = node.attributes.jid("from"), let own = credentials.account else { return }
        let type = node.attributes.text("type")
        if type == "retry" { return await handleRetryReceipt(node, from: from) }
        for group in node.children("participants") {
            guard let id = group.attributes.text("key") ?? group.attributes.text("message_id") else { continue }
            for user in group.children("user").prefix(4096) {
                guard let jid = user.attributes.jid("jid") else { continue }
                report(
                    [id],
                    chat: from.withoutDevice,
                    by: jid,
                    type: user.attributes.text("type") ?? type,
                    at: user.attributes.integer("t", as: UInt32.self),
                    own
                )
            }
        }
        guard node.child("participants") == nil, let id = node.attributes.text("id") else { return }
        let more = node.child("list")?.children("item").prefix(1024).compactMap { $0.attributes.text("id") } ?? []
        let participant = node.attributes.jid("participant")
        let isOwn = MessageEnvelope.isOwn(from, own)
        let chat = isOwn ? node.attributes.jid("recipient") ?? from : from
        learnNames(of: node, from: participant ?? from)
        report(
            [id] + more,
            chat: chat.withoutDevice,
            by: participant ?? from,
            type: type,
            at: node.attributes.integer("t", as: UInt32.self),
            own
        )
    }

    private func report(
        _ ids: [String],
        chat: JID,
        by reader: JID,
        type: String?,
        at seconds: UInt32?,
        _ own: Credentials.LinkedAccount
    ) {
        let status: MessageStatus
        switch type {
        case nil, "inactive", "sender": status = .delivered
        case "read", "read-self": status = .read
        case "played", "played-self": status = .played
        default: return
        }
        let isOwnDevice = MessageEnvelope.isOwn(reader, own)
        if !isOwnDevice {
            for id in ids {
                outbox.staged.statuses.append(MessageStatusChange(chat: chat.description, id: id, status: status))
            }
        }
        let receipt = MessageReceipt(
            chat: chat,
            ids: ids,
            by: reader.withoutDevice,
            status: status,
            timestamp: seconds.map { Date(timeIntervalSince1970: TimeInterval($0)) } ?? now,
            isOwnDevice: isOwnDevice
        )
        afterCommit { $0.emit(.receipt(receipt)) }
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
