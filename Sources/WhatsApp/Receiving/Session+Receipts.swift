internal import Foundation
package import WhatsAppWire

extension Session {
    /// Works through a `receipt`: what became of messages, or a question for one again.
    func handleReceipt(_ node: BinaryNode) async {
        guard let from = node.attributes.jid("from"), let own = credentials.account else { return }
        if node.attributes.text("type") == "retry" { return await handleRetryReceipt(node, from: from) }
        learnNames(of: node, from: node.attributes.jid("participant") ?? from)
        let receipts = MessageReceipt.read(node, own: own)
        for receipt in receipts {
            guard receipt.isOwnDevice else {
                // A migrated account's messages to a person are under the LID, whatever the receipt says.
                let isByNumber = receipt.chat.server == .user && isLIDMigrated
                keep(receipt.status, of: receipt.ids, in: isByNumber ? await names(of: receipt.chat) : [receipt.chat])
                continue
            }
            // Read on another device of the account; that it has got its copy is no news.
            guard receipt.status >= .read else { continue }
            await keepAsRead(receipt.ids, in: receipt.chat, isPlayed: receipt.status == .played)
        }
        tell(receipts)
    }

    private func keep(_ status: MessageStatus, of ids: [String], in chats: [JID]) {
        for chat in chats {
            for id in ids {
                outbox.staged.statuses.append(MessageStatusChange(chat: chat.description, id: id, status: status))
            }
        }
    }

    /// The account has read messages, here or on another device.
    private func keepAsRead(_ ids: [String], in chat: JID, isPlayed: Bool) async {
        keep(isPlayed ? .played : .read, of: ids, in: await names(of: chat))
        var change = ChatChange(jid: chat.withoutDevice.description)
        change.unreadCount = 0
        change.isMarkedUnread = false
        outbox.staged.chats.append(change)
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
    /// `author` is who wrote them, for groups. Where the account shows nobody what it has read, a person is not told; the
    /// account's other devices are.
    package func markRead(
        _ ids: [String],
        in chat: JID,
        author: JID?,
        isPlayed: Bool = false
    ) async throws(RequestError) {
        guard !ids.isEmpty, let first = ids.first else { return }
        guard ids.count <= ReceiptQueue.limit else {
            throw .invalid(field: "ids", reason: "At most \(ReceiptQueue.limit) messages at a time.")
        }
        var type = isPlayed ? "played" : "read"
        var chat = chat.withoutDevice
        if chat.isPerson {
            chat = try await addressForReceipts(chat)
            if try await !showsReading() { type += "-self" }
        }
        var attributes: BinaryNode.Attributes = [
            "id": .text(first), "to": .jid(chat), "type": .text(type),
            "t": .text(String(Int(now.timeIntervalSince1970))),
        ]
        if !chat.isPerson { attributes["participant"] = author.map { .jid($0.withoutDevice) } }
        if chat.server == .broadcast {
            attributes["context"] = "status"
            if let author, author.server == .lid, let phone = try await phone(of: author) {
                attributes["peer_participant_pn"] = .jid(phone)
            }
        }
        let items = ids.dropFirst().map { BinaryNode("item", ["id": .text($0)]) }
        let list = items.isEmpty ? [] : [BinaryNode("list", children: items)]
        try sendStanza(BinaryNode("receipt", attributes, content: list.isEmpty ? .none : .nodes(list)))
        await keepAsRead(ids, in: chat, isPlayed: isPlayed)
        flushSoon()
    }

    /// How the service knows a person's chat, whichever of its names was given.
    private func addressForReceipts(_ chat: JID) async throws(RequestError) -> JID {
        do throws(SendError) {
            return try await wireAddress(of: chat)
        } catch {
            if case .request(let error) = error { throw error }
            throw .notConnected
        }
    }

    /// Whether people may see what the account has read; asked once, and again when it has been changed.
    private func showsReading() async throws(RequestError) -> Bool {
        if let known = isReadingShown { return known }
        let isShown = try await privacySettings().sendsReadReceipts
        isReadingShown = isShown
        return isShown
    }
}
