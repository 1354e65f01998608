package import Foundation
package import WhatsAppWire

/// A change in a group, as the service's notification tells it.
package struct GroupEvent: Sendable, Equatable {
    package var group: JID
    /// Who did it; nil when it is the service's own doing or is not told.
    package var author: JID?
    /// The author's phone number or LID, whichever `author` is not.
    package var authorAlternate: JID?
    package var timestamp: Date?
    /// It happened while the session was away.
    package var isOffline: Bool
    package var kind: Kind

    package init(
        group: JID,
        author: JID? = nil,
        authorAlternate: JID? = nil,
        timestamp: Date? = nil,
        isOffline: Bool = false,
        kind: Kind
    ) {
        self.group = group
        self.author = author
        self.authorAlternate = authorAlternate
        self.timestamp = timestamp
        self.isOffline = isOffline
        self.kind = kind
    }

    package enum Kind: Sendable, Equatable {
        /// The account has made the group or was added to it.
        case created(GroupMetadata, reason: String?)
        case members(MemberChange, [GroupMember], reason: String?)
        case subject(String)
        /// Nil when it was removed.
        case description(GroupMetadata.Description?)
        case setting(GroupSetting)
        case joinRequested(JoinRequest)
        /// Members asked to add these people.
        case joinRequestsCreated([GroupMember], method: String?)
        case joinRequestsRevoked([JID])
        /// The new invite code, where it is told.
        case inviteCode(String?)
        /// Personal invitations of these people were withdrawn.
        case invitationsRevoked([JID])
        case linked(GroupLink, [GroupReference])
        case unlinked(GroupLink, [GroupReference], reason: String?)
        case deleted(reason: String?)
        case growthLocked(Bool)
        case suspended(Bool)
    }
}

/// What happened to members.
package enum MemberChange: String, Sendable {
    case add
    /// By somebody else.
    case remove
    /// By themselves.
    case leave
    case promote
    case demote
    /// A member's phone number or LID is another now.
    case modify

    /// Whether somebody must not read any more what is sent from now on.
    package var endsSenderKey: Bool {
        switch self {
        case .remove, .leave, .modify: true
        case .add, .promote, .demote: false
        }
    }
}

/// Somebody asks to be let into a group.
package struct JoinRequest: Sendable, Hashable {
    package var member: GroupMember
    package var requestedAt: Date?
    /// `invite_link`, `linked_group_join` or `non_admin_add`.
    package var method: String?
    /// Who asked for them, where it is somebody else.
    package var requestor: JID?
    package var parent: JID?

    package init(
        member: GroupMember,
        requestedAt: Date? = nil,
        method: String? = nil,
        requestor: JID? = nil,
        parent: JID? = nil
    ) {
        self.member = member
        self.requestedAt = requestedAt
        self.method = method
        self.requestor = requestor
        self.parent = parent
    }
}

/// How two groups belong together, seen from the group that is told of it.
package enum GroupLink: String, Sendable {
    case parent = "parent_group"
    case subgroup = "sub_group"
    case sibling = "sibling_group"
}

/// A group that is named and not described.
package struct GroupReference: Sendable, Hashable {
    package var jid: JID
    package var subject: String?
    /// The announcement group of its community.
    package var isDefault: Bool

    package init(jid: JID, subject: String? = nil, isDefault: Bool = false) {
        self.jid = jid
        self.subject = subject
        self.isDefault = isDefault
    }

    init?(_ node: BinaryNode) {
        guard let jid = GroupMetadata.jid(of: node) else { return nil }
        self.init(
            jid: jid,
            subject: node.attributes.text("subject")?.cut(to: 4_096),
            isDefault: node.child("default_sub_group") != nil
        )
    }
}
