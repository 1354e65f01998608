import WhatsAppWire

@testable import WhatsApp

extension JID {
    static func lid(_ user: Int) -> JID { JID(user: String(100_000_000_000_000 + user), server: .lid) }
    static func phone(_ user: Int) -> JID { JID(user: String(15_550_000_000 + user), server: .user) }
    static let group = JID(user: "120363000000000001", server: .group)
    static let community = JID(user: "120363000000000002", server: .group)
}

extension GroupMember {
    static func fixture(_ user: Int, role: Role = .member) -> GroupMember {
        GroupMember(jid: .lid(user), alternate: .phone(user), role: role)
    }
}

extension GroupMetadata {
    static func fixture(jid: JID = .group, members: Int = 3) -> GroupMetadata {
        var group = GroupMetadata(jid: jid, subject: "Harbour")
        group.members = GroupMembers(
            (0..<members).map { GroupMember.fixture($0, role: $0 == 0 ? .superadmin : .member) }
        )
        group.size = members
        group.membersVersion = "1"
        return group
    }
}

/// The answer of the service to a question for a group, with everything that is known to stand in it.
let groupNode = BinaryNode(
    "group",
    [
        "id": "120363000000000001", "subject": "Harbour ⚓️", "s_t": "1700000100", "s_o": .jid(.lid(0)),
        "s_o_pn": .jid(.phone(0)), "creation": "1700000000", "creator": .jid(.lid(0)), "size": "3", "a_v_id": "7",
        "p_v_id": "1700000200000000", "addressing_mode": "lid",
    ],
    children: [
        BinaryNode(
            "participant",
            ["jid": .jid(.lid(0)), "phone_number": .jid(.phone(0)), "type": "superadmin"]
        ),
        BinaryNode("participant", ["jid": .jid(.lid(1)), "phone_number": .jid(.phone(1)), "type": "admin"]),
        BinaryNode("participant", ["jid": .jid(.lid(2)), "display_name": "+1∙∙∙∙∙∙∙∙02"]),
        BinaryNode("participant", ["jid": .jid(.lid(3)), "error": "403"]),
        BinaryNode(
            "description",
            ["id": "D1", "participant": .jid(.lid(1)), "t": "1700000150"],
            children: [BinaryNode("body", text: "Where the boats are")]
        ),
        BinaryNode("announcement"), BinaryNode("locked"), BinaryNode("ephemeral", ["expiration": "604800"]),
        BinaryNode("member_add_mode", text: "admin_add"), BinaryNode("member_link_mode", text: "all_member_link"),
        BinaryNode("membership_approval_mode", children: [BinaryNode("group_join", ["state": "on"])]),
        BinaryNode("linked_parent", ["jid": .jid(.community)]), BinaryNode("default_sub_group"),
        BinaryNode("no_frequently_forwarded"), BinaryNode("allow_admin_reports"),
        BinaryNode("missing_participant_identification"), BinaryNode("something_new"),
    ]
)
