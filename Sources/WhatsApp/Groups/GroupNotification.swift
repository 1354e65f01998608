package import Foundation
package import WhatsAppWire

/// What the service says has changed in a group.
///
/// Wire form: `<notification type="w:gp2" from participant t …>` with one or more children, of which one may stand before
/// and after which version of the member list.
package struct GroupNotification: Sendable, Equatable {
    package struct Change: Sendable, Equatable {
        package var kind: GroupEvent.Kind
        /// The version of the member list that the change builds upon.
        package var previousVersion: String?
        /// The version that it leads to.
        package var version: String?

        package init(_ kind: GroupEvent.Kind, previousVersion: String? = nil, version: String? = nil) {
            self.kind = kind
            self.previousVersion = previousVersion
            self.version = version
        }
    }

    package var group: JID
    package var author: GroupMember?
    package var timestamp: Date?
    package var isOffline: Bool
    package var changes: [Change]

    /// Nil when it names no group; children that nobody knows are left out.
    package init?(_ node: BinaryNode) {
        guard let group = node.attributes.jid("from"), group.server == .group, !group.user.isEmpty else { return nil }
        let attributes = node.attributes
        self.group = group.withoutDevice
        author = attributes.jid("participant").flatMap { jid in
            guard !jid.user.isEmpty else { return nil }
            let other = attributes.jid(jid.server == .lid ? "participant_pn" : "participant_lid")
            return GroupMember(jid: jid, alternate: other.flatMap { $0.user.isEmpty ? nil : $0 })
        }
        timestamp = attributes.date("t")
        isOffline = attributes["offline"] != nil
        changes = []
        changes = node.children.prefix(256).compactMap { child in
            kind(of: child).map {
                Change(
                    $0,
                    previousVersion: child.attributes.text("prev_v_id")?.cut(to: 128),
                    version: child.attributes.text("v_id")?.cut(to: 128)
                )
            }
        }
    }

    /// What the listeners are told.
    package var events: [GroupEvent] {
        changes.map { change in
            GroupEvent(
                group: group,
                author: author?.jid,
                authorAlternate: author?.alternate,
                timestamp: timestamp,
                isOffline: isOffline,
                kind: change.kind
            )
        }
    }

    private func kind(of child: BinaryNode) -> GroupEvent.Kind? {
        let attributes = child.attributes
        let reason = attributes.text("reason")?.cut(to: 128)
        switch child.tag {
        case "create":
            return child.child("group").flatMap(GroupMetadata.init).map { .created($0, reason: reason) }
        case "add": return members(.add, child, reason)
        case "remove":
            let members = Self.members(of: child)
            let isOwnDoing = author.map { author in
                members.count == 1 && members.allSatisfy { $0.jid == author.jid || $0.jid == author.alternate }
            }
            return members.isEmpty ? nil : .members(isOwnDoing == true ? .leave : .remove, members, reason: reason)
        case "leave": return members(.leave, child, reason)
        case "promote", "linked_group_promote": return members(.promote, child, reason)
        case "demote", "linked_group_demote": return members(.demote, child, reason)
        case "modify", "change_number": return members(.modify, child, reason)
        case "subject": return .subject((attributes.text("subject") ?? child.text ?? "").cut(to: 4_096))
        case "description": return .description(description(child))
        case "membership_approval_request": return joinRequest(child)
        case "created_membership_requests":
            let asked = child.children("requested_user").prefix(GroupMembers.limit).compactMap(GroupMember.init)
            return .joinRequestsCreated(asked, method: attributes.text("request_method")?.cut(to: 128))
        case "revoked_membership_requests": return .joinRequestsRevoked(Self.members(of: child).map(\.jid))
        case "invite": return .inviteCode(attributes.text("code")?.cut(to: 128))
        case "revoke": return .invitationsRevoked(Self.members(of: child).map(\.jid))
        case "link":
            return attributes.text("link_type").flatMap(GroupLink.init).map { .linked($0, Self.groups(of: child)) }
        case "unlink":
            return attributes.text("unlink_type").flatMap(GroupLink.init).map {
                let why = attributes.text("unlink_reason") ?? attributes.text("reason")
                return .unlinked($0, Self.groups(of: child), reason: why?.cut(to: 128))
            }
        case "delete": return .deleted(reason: reason)
        case "growth_locked": return .growthLocked(true)
        case "growth_unlocked": return .growthLocked(false)
        case "suspended": return .suspended(true)
        case "unsuspended": return .suspended(false)
        default: return GroupSetting(child).map { .setting($0) }
        }
    }

    private func members(_ change: MemberChange, _ child: BinaryNode, _ reason: String?) -> GroupEvent.Kind? {
        let members = Self.members(of: child)
        return members.isEmpty ? nil : .members(change, members, reason: reason)
    }

    private func description(_ child: BinaryNode) -> GroupMetadata.Description? {
        guard child.child("delete") == nil, var description = GroupMetadata.Description(child) else { return nil }
        description.author = description.author ?? author?.jid
        description.changedAt = description.changedAt ?? timestamp
        return description
    }

    /// The notification's author is who asks.
    private func joinRequest(_ child: BinaryNode) -> GroupEvent.Kind? {
        guard let author else { return nil }
        return .joinRequested(
            JoinRequest(
                member: author,
                requestedAt: timestamp,
                method: child.attributes.text("request_method")?.cut(to: 128),
                requestor: child.attributes.jid("requestor")?.withoutDevice,
                parent: child.attributes.jid("parent_group_jid")?.withoutDevice
            )
        )
    }

    private static func members(of child: BinaryNode) -> [GroupMember] {
        child.children("participant").prefix(GroupMembers.limit).compactMap(GroupMember.init)
    }

    private static func groups(of child: BinaryNode) -> [GroupReference] {
        child.children("group").prefix(1_000).compactMap(GroupReference.init)
    }
}
