package import WhatsAppWire

/// One switch of a group, as it is asked for and as it is told.
package enum GroupSetting: Sendable, Hashable {
    /// Only admins send.
    case announcement(Bool)
    /// Only admins edit subject, description and picture.
    case locked(Bool)
    /// Messages disappear after so many seconds; 0 for never.
    case ephemeral(seconds: UInt32)
    /// Only admins add members.
    case adminsAdd(Bool)
    /// Only admins share the invite link.
    case adminsLink(Bool)
    /// Only admins share the history with new members.
    case adminsShareHistory(Bool)
    /// Who joins needs an admin's approval.
    case joinApproval(Bool)
    /// New members are shown what was written before.
    case history(Bool)
    /// What was forwarded many times may be forwarded into the group.
    case frequentlyForwarded(Bool)
    /// Members may report messages to the admins.
    case adminReports(Bool)
    /// Members who are no admins may make subgroups of the community.
    case memberSubgroups(Bool)
    /// Sharing beyond the chat is limited; told, never asked for.
    case limitedSharing(Bool)

    /// Reads the child of a request, of a notification or of a group's description; nil when it is no setting.
    package init?(_ node: BinaryNode) {
        switch node.tag {
        case "announcement": self = .announcement(true)
        case "not_announcement": self = .announcement(false)
        case "locked": self = .locked(true)
        case "unlocked": self = .locked(false)
        case "ephemeral": self = .ephemeral(seconds: node.attributes.integer("expiration") ?? 0)
        case "not_ephemeral": self = .ephemeral(seconds: 0)
        case "member_add_mode": self = .adminsAdd(node.text == "admin_add")
        case "member_link_mode": self = .adminsLink(node.text == "admin_link")
        case "member_share_group_history_mode": self = .adminsShareHistory(node.text == "admin_share")
        case "membership_approval_mode":
            let state = (node.child("group_join") ?? node.child("community_join"))?.attributes.text("state")
            self = .joinApproval(state == "on")
        case "group_history": self = .history(true)
        case "no_group_history": self = .history(false)
        case "no_frequently_forwarded": self = .frequentlyForwarded(false)
        case "frequently_forwarded_ok": self = .frequentlyForwarded(true)
        case "allow_admin_reports": self = .adminReports(true)
        case "not_allow_admin_reports": self = .adminReports(false)
        case "allow_non_admin_sub_group_creation": self = .memberSubgroups(true)
        case "not_allow_non_admin_sub_group_creation": self = .memberSubgroups(false)
        case "limit_sharing_enabled": self = .limitedSharing(node.attributes.text("state") != "off")
        default: return nil
        }
    }

    /// The child of the request that sets it.
    package var node: BinaryNode {
        switch self {
        case .announcement(let isOn): BinaryNode(isOn ? "announcement" : "not_announcement")
        case .locked(let isOn): BinaryNode(isOn ? "locked" : "unlocked")
        case .ephemeral(0): BinaryNode("not_ephemeral")
        case .ephemeral(let seconds): BinaryNode("ephemeral", ["expiration": .text(String(seconds))])
        case .adminsAdd(let isOn): BinaryNode("member_add_mode", text: isOn ? "admin_add" : "all_member_add")
        case .adminsLink(let isOn): BinaryNode("member_link_mode", text: isOn ? "admin_link" : "all_member_link")
        case .adminsShareHistory(let isOn):
            BinaryNode("member_share_group_history_mode", text: isOn ? "admin_share" : "all_member_share")
        case .joinApproval(let isOn):
            BinaryNode(
                "membership_approval_mode",
                children: [BinaryNode("group_join", ["state": isOn ? "on" : "off"])]
            )
        case .history(let isOn): BinaryNode(isOn ? "group_history" : "no_group_history")
        case .frequentlyForwarded(let isOn):
            BinaryNode(isOn ? "frequently_forwarded_ok" : "no_frequently_forwarded")
        case .adminReports(let isOn): BinaryNode(isOn ? "allow_admin_reports" : "not_allow_admin_reports")
        case .memberSubgroups(let isOn):
            BinaryNode((isOn ? "" : "not_") + "allow_non_admin_sub_group_creation")
        case .limitedSharing(let isOn): BinaryNode("limit_sharing_enabled", ["state": isOn ? "on" : "off"])
        }
    }
}
