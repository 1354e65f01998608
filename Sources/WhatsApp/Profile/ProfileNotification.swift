package import WhatsAppWire

/// What a notification about people or about the own account tells.
package enum ProfileNotice: Sendable, Equatable {
    case profile(ProfileChange)
    /// A contact may have changed altogether: it is to be asked for again.
    case contactOutdated(JID)
    /// Somebody goes on under a new number.
    case numberChanged(from: JID, to: JID, fromLID: JID?, toLID: JID?)
    case blocklist(BlocklistChange)
    /// The own privacy settings have changed on another device.
    case privacyOutdated
    /// The timer that somebody, or the own account, starts chats with; in seconds.
    case defaultTimer(JID?, UInt32)

    /// All that a notification tells; what nobody knows is left out.
    package static func read(_ node: BinaryNode) -> [ProfileNotice] {
        guard let from = node.attributes.jid("from")?.withoutDevice else { return [] }
        switch node.attributes.text("type") {
        case "picture": return node.children.prefix(16).compactMap { picture($0, of: from) }
        case "status": return node.child("set")?.text.map { [.profile(about($0, of: from))] } ?? []
        case "contacts": return node.children.prefix(256).compactMap { contact($0) }
        case "business": return business(node, from)
        case "account_sync": return node.children.prefix(32).flatMap { account($0, from) }
        case "disappearing_mode":
            return node.children("disappearing_mode").prefix(1).compactMap { timer($0, of: from) }
        default: return []
        }
    }

    private static func picture(_ child: BinaryNode, of from: JID) -> ProfileNotice? {
        let jid = child.attributes.jid("jid")?.withoutDevice ?? from
        switch child.tag {
        case "set", "add": return .profile(ProfileChange(jid: jid, kind: .picture(id: child.attributes.text("id"))))
        case "delete", "remove": return .profile(ProfileChange(jid: jid, kind: .picture(id: nil)))
        default: return nil
        }
    }

    private static func about(_ text: String, of jid: JID) -> ProfileChange {
        ProfileChange(jid: jid, kind: .about(MessageContent.bounded(text, limit: 4_096)))
    }

    private static func contact(_ child: BinaryNode) -> ProfileNotice? {
        switch child.tag {
        case "modify":
            guard
                let old = child.attributes.jid("old")?.withoutDevice,
                let new = child.attributes.jid("new")?.withoutDevice,
                !old.user.isEmpty, !new.user.isEmpty
            else { return nil }
            return .numberChanged(
                from: old,
                to: new,
                fromLID: child.attributes.jid("old_lid")?.withoutDevice,
                toLID: child.attributes.jid("new_lid")?.withoutDevice
            )
        case "update", "add", "remove":
            return child.attributes.jid("jid").map { .contactOutdated($0.withoutDevice) }
        default: return nil
        }
    }

    private static func business(_ node: BinaryNode, _ from: JID) -> [ProfileNotice] {
        node.children("verified_name").prefix(4)
            .compactMap { child in
                let jid = child.attributes.jid("jid")?.withoutDevice ?? from
                return VerifiedName.read(child).map { .profile(ProfileChange(jid: jid, kind: .verifiedName($0))) }
            }
    }

    private static func account(_ child: BinaryNode, _ from: JID) -> [ProfileNotice] {
        switch child.tag {
        case "picture": [.profile(ProfileChange(jid: from, kind: .picture(id: child.attributes.text("id"))))]
        case "status": child.text.map { [.profile(about($0, of: from))] } ?? []
        case "privacy": [.privacyOutdated]
        case "blocklist": [.blocklist(BlocklistChange(child))]
        case "disappearing_mode": timer(child, of: nil).map { [$0] } ?? []
        default: []
        }
    }

    private static func timer(_ child: BinaryNode, of jid: JID?) -> ProfileNotice? {
        child.attributes.integer("duration", as: UInt32.self).map { .defaultTimer(jid, $0) }
    }
}

extension BlocklistChange {
    /// Reads `<blocklist [action="modify"] dhash prev_dhash><item jid action/>…</blocklist>`.
    init(_ node: BinaryNode) {
        let items = node.children("item").prefix(Blocklist.limit)
        func jids(_ action: String) -> [JID] {
            items.filter { $0.attributes.text("action") == action }.compactMap {
                $0.attributes.jid("jid")?.withoutDevice
            }
        }
        self.init(blocked: jids("block"), unblocked: jids("unblock"), isReplaced: items.isEmpty)
    }
}
