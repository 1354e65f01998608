internal import Foundation
internal import WhatsAppWire

extension SessionEvent {
    /// What listeners are told of a stanza that explains itself: receipts, calls, and most notifications.
    ///
    /// The same stanza always gives the same events, so that it can be kept in their place.
    static func events(of node: BinaryNode, own: Credentials.LinkedAccount) -> [SessionEvent] {
        switch node.tag {
        case "receipt": return MessageReceipt.read(node, own: own).map { .receipt($0) }
        case "call": return CallNotice(node, own: own.jid).map { [.call($0.event)] } ?? []
        case "notification": break
        default: return []
        }
        switch node.attributes.text("type") {
        case "w:gp2": return GroupNotification(node)?.events.map { .group($0) } ?? []
        case "newsletter", "mex": return NewsletterEvent.read(node).map { .newsletter($0) }
        default:
            return ProfileNotice.read(node).compactMap { notice in
                switch notice {
                case .profile(let change): .profile(change)
                case .blocklist(let change): .blocklist(change)
                case .contactOutdated, .numberChanged, .defaultTimer, .privacyOutdated: nil
                }
            }
        }
    }
}

extension MessageReceipt {
    /// Reads what became of messages off a `receipt`.
    ///
    /// Wire form: `<receipt id from type? t participant? recipient?><list><item id/>…</list></receipt>`, or with
    /// `<participants key><user jid t type/>…</participants>` for many readers of one message.
    static func read(_ node: BinaryNode, own: Credentials.LinkedAccount) -> [MessageReceipt] {
        guard let from = node.attributes.jid("from") else { return [] }
        let type = node.attributes.text("type")
        var receipts: [MessageReceipt] = []
        for group in node.children("participants") {
            guard let id = group.attributes.text("key") ?? group.attributes.text("message_id") else { continue }
            for user in group.children("user").prefix(4096) {
                guard let jid = user.attributes.jid("jid"), let status = status(user.attributes.text("type") ?? type)
                else { continue }
                receipts.append(
                    MessageReceipt([id], from, jid, status, user.attributes.integer("t", as: UInt32.self), own)
                )
            }
        }
        guard node.child("participants") == nil, let id = node.attributes.text("id"), var status = status(type) else {
            return receipts
        }
        // The device has it and cannot show it: for whoever wrote it is no more than sent.
        if status == .delivered, node.child("error")?.attributes.text("type") == "feature-incapable" { status = .sent }
        let more = node.child("list")?.children("item").prefix(1024).compactMap { $0.attributes.text("id") } ?? []
        let isOwn = MessageEnvelope.isOwn(from, own)
        let chat = isOwn ? node.attributes.jid("recipient") ?? from : from
        // Of what the own account has read, the participant is the author.
        let reader = isOwn ? from : node.attributes.jid("participant") ?? from
        let time = node.attributes.integer("t", as: UInt32.self)
        receipts.append(MessageReceipt([id] + more, chat, reader, status, time, own))
        return receipts
    }

    private init(
        _ ids: [String],
        _ chat: JID,
        _ reader: JID,
        _ status: MessageStatus,
        _ seconds: UInt32?,
        _ own: Credentials.LinkedAccount
    ) {
        self.init(
            chat: chat.withoutDevice,
            ids: ids,
            by: reader.withoutDevice,
            status: status,
            timestamp: seconds.map { Date(timeIntervalSince1970: TimeInterval($0)) } ?? Date(),
            isOwnDevice: MessageEnvelope.isOwn(reader, own)
        )
    }

    private static func status(_ type: String?) -> MessageStatus? {
        switch type {
        case nil, "inactive", "sender": .delivered
        case "read", "read-self": .read
        case "played", "played-self": .played
        default: nil
        }
    }
}
