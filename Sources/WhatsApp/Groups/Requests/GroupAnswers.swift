import Foundation
package import WhatsAppWire

/// What became of one person in a change of members or in a decision.
package struct MemberResult: Sendable, Hashable {
    package var member: GroupMember
    /// Nil for success; 403 privacy settings, 404 nobody, 408 left lately, 409 in the group already, 419 the group is full.
    package var error: Int?
    /// With 403: what a personal invitation is made of.
    package var invitation: Invitation?

    package struct Invitation: Sendable, Hashable {
        package var code: String
        /// Seconds since 1970.
        package var expiration: Int64

        package init(code: String, expiration: Int64) {
            self.code = code
            self.expiration = expiration
        }
    }

    package init(member: GroupMember, error: Int? = nil, invitation: Invitation? = nil) {
        self.member = member
        self.error = error
        self.invitation = invitation
    }

    init?(_ node: BinaryNode) {
        guard let member = GroupMember(node) else { return nil }
        let code: Int? = node.attributes.integer("error")
        self.init(member: member, error: code == 200 ? nil : code)
        guard
            let request = node.child("add_request"), let code = request.attributes.text("code"),
            let expiration: Int64 = request.attributes.integer("expiration")
        else { return }
        invitation = Invitation(code: code.cut(to: 256), expiration: expiration)
    }
}

/// What became of one group in a request for many.
package enum GroupLookUp: Sendable, Equatable {
    case found(GroupMetadata)
    /// 403: not a member, 404: there is none.
    case refused(JID, code: Int)
    /// The answer had no room for it; it is to be asked for alone.
    case truncated(JID)
}

/// What became of one group in a request that only does something.
package struct GroupResult: Sendable, Hashable {
    package var group: JID
    package var error: Int?
}

/// What a request to join led to.
package enum JoinOutcome: Sendable, Hashable {
    case joined(JID)
    /// An admin must approve.
    case requested(JID)

    package var group: JID {
        switch self {
        case .joined(let jid), .requested(let jid): jid
        }
    }
}

package struct GroupPicture: Sendable, Hashable {
    package var group: JID
    package var id: String
    package var url: String?
    package var directPath: String?
}

/// Reads the answers to ``GroupRequests``.
package enum GroupAnswers {
    package static func group(_ iq: BinaryNode) throws(RequestError) -> GroupMetadata {
        let parent = iq.child("linked_group") ?? iq
        guard let group = parent.child("group").flatMap(GroupMetadata.init) else { throw .malformed("group") }
        return group
    }

    /// Those who could not be added when the group was made.
    package static func refusedMembers(_ iq: BinaryNode) -> [MemberResult] {
        (iq.child("group")?.children("participant") ?? []).prefix(GroupMembers.limit)
            .compactMap(MemberResult.init).filter { $0.error != nil }
    }

    package static func groups(_ iq: BinaryNode) throws(RequestError) -> [GroupLookUp] {
        guard iq.child("groups") != nil || iq.child("communities") != nil else { throw .malformed("groups") }
        let nodes =
            (iq.child("groups")?.children("group") ?? []) + (iq.child("communities")?.children("community") ?? [])
        return nodes.prefix(GroupLimits.groupsInOneQuery).compactMap { node in
            guard let jid = GroupMetadata.jid(of: node) else { return nil }
            if let code: Int = node.attributes.integer("error") { return .refused(jid, code: code) }
            if node.attributes.text("truncated") == "true" { return .truncated(jid) }
            return GroupMetadata(node).map { .found($0) }
        }
    }

    package static func members(
        _ iq: BinaryNode,
        of order: GroupRequests.MemberOrder
    ) throws(RequestError) -> [MemberResult] {
        guard let node = iq.child(order.rawValue) else { throw .malformed(order.rawValue) }
        return node.children("participant").prefix(GroupMembers.limit).compactMap(MemberResult.init)
    }

    package static func left(_ iq: BinaryNode) throws(RequestError) -> [GroupResult] {
        guard let node = iq.child("leave") else { throw .malformed("leave") }
        return results(node.children("group") + node.children("community"))
    }

    package static func inviteCode(_ iq: BinaryNode) throws(RequestError) -> String {
        guard let code = iq.child("invite")?.attributes.text("code"), !code.isEmpty else { throw .malformed("invite") }
        return code.cut(to: 256)
    }

    package static func joined(_ iq: BinaryNode) throws(RequestError) -> JoinOutcome {
        let parent = iq.child("linked_group") ?? iq
        if let jid = parent.child("group").flatMap(GroupMetadata.jid) { return .joined(jid) }
        let request = parent.child("membership_approval_request") ?? iq.child("membership_approval_request")
        if let jid = request.flatMap(GroupMetadata.jid) { return .requested(jid) }
        throw .malformed("group")
    }

    package static func joinRequests(_ iq: BinaryNode) throws(RequestError) -> [JoinRequest] {
        guard let node = iq.child("membership_approval_requests") else {
            throw .malformed("membership_approval_requests")
        }
        return node.children("membership_approval_request").prefix(GroupMembers.limit).compactMap { request in
            guard let member = GroupMember(request) else { return nil }
            return JoinRequest(
                member: member,
                requestedAt: request.attributes.date("request_time"),
                method: request.attributes.text("request_method")?.cut(to: 128),
                requestor: request.attributes.jid("requestor")?.withoutDevice,
                parent: request.attributes.jid("parent_group_jid")?.withoutDevice
            )
        }
    }

    package static func decided(_ iq: BinaryNode) throws(RequestError) -> [MemberResult] {
        guard let action = iq.child("membership_requests_action") else {
            throw .malformed("membership_requests_action")
        }
        return action.children.flatMap { $0.children("participant") }.prefix(GroupMembers.limit)
            .compactMap(MemberResult.init)
    }

    package static func subgroups(_ iq: BinaryNode) throws(RequestError) -> [GroupReference] {
        guard let node = iq.child("sub_groups") else { throw .malformed("sub_groups") }
        return node.children("group").prefix(1_000).compactMap(GroupReference.init)
    }

    package static func linkedMembers(_ iq: BinaryNode) throws(RequestError) -> GroupMembers {
        guard let node = iq.child("linked_groups_participants") else {
            throw .malformed("linked_groups_participants")
        }
        return GroupMembers(node.children("participant").prefix(GroupMembers.limit).compactMap(GroupMember.init))
    }

    package static func linked(_ iq: BinaryNode) throws(RequestError) -> [GroupResult] {
        guard let link = iq.child("links")?.child("link") else { throw .malformed("links") }
        return results(link.children("group"))
    }

    package static func unlinked(_ iq: BinaryNode) throws(RequestError) -> [GroupResult] {
        guard let unlink = iq.child("unlink") else { throw .malformed("unlink") }
        return results(unlink.children("group"))
    }

    package static func pictures(_ iq: BinaryNode) throws(RequestError) -> [GroupPicture] {
        guard let node = iq.child("pictures") else { throw .malformed("pictures") }
        return node.children("picture").prefix(GroupLimits.groupsInOneQuery).compactMap { picture in
            guard let jid = GroupMetadata.jid(of: picturesGroup(picture)), let id = picture.attributes.text("id") else {
                return nil
            }
            return GroupPicture(
                group: jid,
                id: id.cut(to: 128),
                url: picture.attributes.text("url")?.cut(to: 4_096),
                directPath: picture.attributes.text("direct_path")?.cut(to: 4_096)
            )
        }
    }

    /// A picture's `id` is its own; the group is in `jid`.
    private static func picturesGroup(_ node: BinaryNode) -> BinaryNode {
        BinaryNode("group", ["jid": node.attributes["jid"]])
    }

    private static func results(_ nodes: [BinaryNode]) -> [GroupResult] {
        nodes.prefix(GroupLimits.groupsInOneQuery).compactMap { node in
            guard let jid = GroupMetadata.jid(of: node) else { return nil }
            let code: Int? = node.attributes.integer("error")
            return GroupResult(group: jid, error: code == 200 ? nil : code)
        }
    }
}
