package import WhatsAppWire

/// A personal invitation, as a group-invite message carries it.
package struct GroupInvitation: Sendable, Hashable {
    package var group: JID
    package var code: String
    /// Seconds since 1970.
    package var expiration: Int64
    package var inviter: JID

    package init(group: JID, code: String, expiration: Int64, inviter: JID) {
        self.group = group
        self.code = code
        self.expiration = expiration
        self.inviter = inviter.withoutDevice
    }
}

extension GroupRequests {
    package static func inviteCode(of group: JID) -> BinaryNode {
        iq("get", to: group, BinaryNode("invite"))
    }

    /// Makes the old code worthless.
    package static func revokeInviteCode(of group: JID) -> BinaryNode {
        iq("set", to: group, BinaryNode("invite"))
    }

    package static func preview(code: String) -> BinaryNode {
        iq("get", to: service, BinaryNode("invite", ["code": .text(code)]))
    }

    package static func join(code: String) -> BinaryNode {
        iq("set", to: service, BinaryNode("invite", ["code": .text(code)]))
    }

    package static func preview(_ invitation: GroupInvitation) -> BinaryNode {
        let request = BinaryNode(
            "add_request",
            [
                "code": .text(invitation.code), "expiration": .text(String(invitation.expiration)),
                "admin": .jid(invitation.inviter),
            ]
        )
        return iq("get", to: invitation.group, BinaryNode("query", children: [request]))
    }

    package static func accept(_ invitation: GroupInvitation) -> BinaryNode {
        iq(
            "set",
            to: invitation.group,
            BinaryNode(
                "accept",
                [
                    "code": .text(invitation.code), "expiration": .text(String(invitation.expiration)),
                    "admin": .jid(invitation.inviter),
                ]
            )
        )
    }

    package static func withdrawInvitations(of people: [JID], to group: JID) -> BinaryNode {
        iq("set", to: group, BinaryNode("revoke", children: participants(people)))
    }

    // MARK: Requests to join

    package static func joinRequests(of group: JID) -> BinaryNode {
        iq("get", to: group, BinaryNode("membership_approval_requests"))
    }

    package static func decide(isApproved: Bool, _ people: [JID], in group: JID) -> BinaryNode {
        let decision = BinaryNode(isApproved ? "approve" : "reject", children: participants(people))
        return iq("set", to: group, BinaryNode("membership_requests_action", children: [decision]))
    }

    package static func cancelJoinRequests(of people: [JID], in group: JID) -> BinaryNode {
        iq("set", to: group, BinaryNode("cancel_membership_requests", children: participants(people)))
    }
}
