import Foundation
import WhatsAppWire

/// A group or a community as the server keeps it; people are named by their phone numbers.
struct SandboxGroup: Sendable, Equatable, Codable {
    enum Role: String, Sendable, Codable {
        case member
        case admin
        case superadmin

        /// The value of `type` on a participant; an ordinary member has none.
        var word: BinaryNode.Value? { self == .member ? nil : .text(rawValue) }
    }

    struct Description: Sendable, Equatable, Codable {
        var id: String
        var text: String
        var author: String
        var changedAt: Date
    }

    /// Somebody waits for an admin's approval.
    struct JoinRequest: Sendable, Equatable, Codable {
        var number: String
        var requestedAt: Date
        var method: String
    }

    /// An offer to somebody who could not be added.
    struct Invitation: Sendable, Equatable, Codable {
        var code: String
        var expiration: UInt64
        var inviter: String
    }

    /// The user part of its JID.
    let id: String
    let creator: String
    let createdAt: Date
    var subject: String
    var subjectAuthor: String
    var subjectChangedAt: Date
    /// Whether members are addressed by LID; otherwise by phone number.
    var usesLIDs: Bool
    var description: Description?
    var settings = GroupSettings()
    var inviteCode: String
    /// The version of the member list.
    var membersVersion: UInt64
    private(set) var members: [String] = []
    private var roles: [String: Role] = [:]
    var joinRequests: [JoinRequest] = []
    /// By number.
    var invitations: [String: Invitation] = [:]
    /// Whom an admin has removed: they cannot join by link.
    var removed: Set<String> = []
    /// The community that it belongs to.
    var parent: String?
    var kind = Kind.group
    var picture: AccountProfile.Picture?

    enum Kind: String, Sendable, Codable {
        case group
        case community
        /// The announcement group of a community.
        case announcements
        case generalChat
    }

    init(id: String, subject: String, creator: String, usesLIDs: Bool, inviteCode: String, now: Date) {
        self.id = id
        self.creator = creator
        createdAt = now
        self.subject = subject
        subjectAuthor = creator
        subjectChangedAt = now
        self.usesLIDs = usesLIDs
        self.inviteCode = inviteCode
        membersVersion = UInt64(max(0, now.timeIntervalSince1970)) * 1_000
        put(creator, .superadmin)
    }

    var jid: JID { JID(user: id, server: .group) }
    var form: AddressingForm { usesLIDs ? .lid : .phoneNumber }
    var isCommunity: Bool { kind == .community }

    func role(of number: String) -> Role? { roles[number] }
    func has(_ number: String) -> Bool { roles[number] != nil }
    func isAdmin(_ number: String) -> Bool { roles[number].map { $0 != .member } ?? false }
    var admins: [String] { members.filter(isAdmin) }

    /// As many as the service lets in.
    var limit: Int { kind == .announcements || kind == .community ? 5_000 : 1_024 }

    mutating func put(_ number: String, _ role: Role) {
        if roles.updateValue(role, forKey: number) == nil { members.append(number) }
    }

    mutating func remove(_ number: String) {
        guard roles.removeValue(forKey: number) != nil else { return }
        members.removeAll { $0 == number }
    }

    mutating func remove(_ numbers: Set<String>) {
        for number in numbers { roles[number] = nil }
        members.removeAll { numbers.contains($0) }
    }
}

/// The switches of a group.
struct GroupSettings: Sendable, Equatable, Codable {
    var isAnnouncement = false
    var isLocked = false
    /// Seconds; 0 for none.
    var ephemeral: UInt32 = 0
    var adminsAdd = false
    var adminsLink = true
    var adminsShareHistory: Bool?
    var joinApproval = false
    var subgroupsAskApproval = false
    var history = false
    var noFrequentlyForwarded = false
    var adminReports = false
    var memberSubgroups = false

    /// Takes the child of a request; false when it is no setting.
    mutating func apply(_ node: BinaryNode) -> Bool {
        switch node.tag {
        case "announcement": isAnnouncement = true
        case "not_announcement": isAnnouncement = false
        case "locked": isLocked = true
        case "unlocked": isLocked = false
        case "ephemeral": ephemeral = node.attributes.integer("expiration") ?? 0
        case "not_ephemeral": ephemeral = 0
        case "member_add_mode": adminsAdd = node.text == "admin_add"
        case "member_link_mode": adminsLink = node.text == "admin_link"
        case "member_share_group_history_mode": adminsShareHistory = node.text == "admin_share"
        case "membership_approval_mode":
            let state = (node.child("group_join") ?? node.child("community_join"))?.attributes.text("state")
            joinApproval = state == "on"
        case "group_history": history = true
        case "no_group_history": history = false
        case "no_frequently_forwarded": noFrequentlyForwarded = true
        case "frequently_forwarded_ok": noFrequentlyForwarded = false
        case "allow_admin_reports": adminReports = true
        case "not_allow_admin_reports": adminReports = false
        case "allow_non_admin_sub_group_creation": memberSubgroups = true
        case "not_allow_non_admin_sub_group_creation": memberSubgroups = false
        default: return false
        }
        return true
    }

    /// As they stand in a group's description.
    var nodes: [BinaryNode] {
        var nodes: [BinaryNode] = []
        if isAnnouncement { nodes.append(BinaryNode("announcement")) }
        if isLocked { nodes.append(BinaryNode("locked")) }
        if ephemeral > 0 { nodes.append(BinaryNode("ephemeral", ["expiration": .text(String(ephemeral))])) }
        nodes.append(BinaryNode("member_add_mode", text: adminsAdd ? "admin_add" : "all_member_add"))
        nodes.append(BinaryNode("member_link_mode", text: adminsLink ? "admin_link" : "all_member_link"))
        if let adminsShareHistory {
            nodes.append(
                BinaryNode(
                    "member_share_group_history_mode",
                    text: adminsShareHistory ? "admin_share" : "all_member_share"
                )
            )
        }
        nodes.append(
            BinaryNode(
                "membership_approval_mode",
                children: [BinaryNode("group_join", ["state": joinApproval ? "on" : "off"])]
            )
        )
        if history { nodes.append(BinaryNode("group_history")) }
        if noFrequentlyForwarded { nodes.append(BinaryNode("no_frequently_forwarded")) }
        if adminReports { nodes.append(BinaryNode("allow_admin_reports")) }
        if memberSubgroups { nodes.append(BinaryNode("allow_non_admin_sub_group_creation")) }
        return nodes
    }
}
