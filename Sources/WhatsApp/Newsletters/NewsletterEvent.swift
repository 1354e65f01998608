package import WhatsAppWire

/// A change in a channel.
package struct NewsletterEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Counters of posts that were seen, or posts that were edited.
        case posts([NewsletterPost])
        /// The account follows it now.
        case followed
        case left
        case muted(Bool)
        /// Name, picture or settings are others: they are to be asked for again.
        case changed
        /// Suspended, deleted, or active again, in the service's word.
        case state(String)
        /// The own role is another, in the service's word.
        case role(String)
    }

    package var newsletter: JID
    package var kind: Kind
}

extension NewsletterEvent {
    /// Reads `<notification type="newsletter">` and the channels' part of `<notification type="mex">`.
    package static func read(_ node: BinaryNode) -> [NewsletterEvent] {
        if node.attributes.text("type") == "mex" {
            return node.children("update").prefix(16).compactMap(NewsletterEvent.init(mex:))
        }
        guard let jid = node.attributes.jid("from"), jid.server == .newsletter else { return [] }
        let updates = node.child("live_updates") ?? node.child("message_updates")
        let posts = updates?.children("messages").prefix(64).flatMap { NewsletterPost.list($0) } ?? []
        return posts.isEmpty ? [] : [NewsletterEvent(newsletter: jid, kind: .posts(posts))]
    }

    private init?(mex update: BinaryNode) {
        guard
            let operation = update.attributes.text("op_name"), operation.hasPrefix("NotificationNewsletter"),
            let bytes = update.bytes, let json = Mex.parse(bytes),
            let data = (json.member("data") ?? json).firstMember,
            let jid = (data.text("id") ?? data.text("newsletter_id")).flatMap({ JID($0) }), jid.server == .newsletter
        else { return nil }
        let kind: Kind
        switch operation {
        case "NotificationNewsletterJoin": kind = .followed
        case "NotificationNewsletterLeave": kind = .left
        case "NotificationNewsletterMuteChange": kind = .muted(data.text("mute") == "ON")
        case "NotificationNewsletterStateChange":
            kind = .state(MessageContent.bounded(data.member("state")?.text("type") ?? "", limit: 64))
        case "NotificationNewsletterAdminPromote", "NotificationNewsletterAdminDemote":
            kind = .role(MessageContent.bounded(data.text("user_new_role") ?? "", limit: 64))
        default: kind = .changed
        }
        self.init(newsletter: jid, kind: kind)
    }
}
