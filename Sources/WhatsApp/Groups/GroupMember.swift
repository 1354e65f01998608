package import WhatsAppWire

/// Somebody in a group.
package struct GroupMember: Sendable, Hashable {
    package enum Role: UInt8, Sendable {
        case member = 0
        case admin = 1
        /// The creator, or who took over from the creator.
        case superadmin = 2

        package init(word: String?) {
            switch word {
            case "admin": self = .admin
            case "superadmin": self = .superadmin
            default: self = .member
            }
        }

        package var isAdmin: Bool { self != .member }
    }

    /// Bare; a LID or a phone number, as the group addresses its members.
    package var jid: JID
    /// The phone number where `jid` is a LID, and the reverse; nil when the service does not tell.
    package var alternate: JID?
    package var role: Role

    package init(jid: JID, alternate: JID? = nil, role: Role = .member) {
        self.jid = jid.withoutDevice
        self.alternate = alternate?.withoutDevice
        self.role = role
    }

    package var lid: JID? { jid.server == .lid ? jid : alternate?.server == .lid ? alternate : nil }
    package var phone: JID? { jid.server == .user ? jid : alternate?.server == .user ? alternate : nil }

    /// Reads `<participant jid [type] [phone_number] [lid]/>`; nil when it names nobody.
    package init?(_ node: BinaryNode) {
        guard let jid = node.attributes.jid("jid"), !jid.user.isEmpty else { return nil }
        let other = jid.server == .lid ? node.attributes.jid("phone_number") : node.attributes.jid("lid")
        self.init(
            jid: jid,
            alternate: other.flatMap { $0.user.isEmpty || $0.server == jid.server ? nil : $0 },
            role: Role(word: node.attributes.text("type"))
        )
    }
}
