import Foundation
package import WhatsAppWire

extension GroupMetadata {
    private static let subjectLimit = 4_096
    private static let descriptionLimit = 65_536

    /// Reads `<group id subject …>…</group>`; unknown children do no harm.
    ///
    /// Nil without an identifier or with more members than any group has.
    package init?(_ node: BinaryNode) {
        guard let jid = Self.jid(of: node) else { return nil }
        let participants = node.children("participant")
        guard participants.count <= GroupMembers.limit else { return nil }
        let attributes = node.attributes
        let members = GroupMembers(
            participants.lazy.filter { $0.attributes.text("error") == nil }.compactMap(GroupMember.init)
        )
        let mode: AddressingMode =
            switch attributes.text("addressing_mode") {
            case "lid": .lid
            case "pn": .phoneNumber
            default: members.first?.jid.server == .lid ? .lid : .phoneNumber
            }
        self.init(
            jid: jid,
            subject: (attributes.text("subject") ?? "").cut(to: Self.subjectLimit),
            addressingMode: mode
        )
        self.members = members
        size = max(0, attributes.integer("size") ?? members.count)
        subjectAuthor = attributes.jid("s_o")?.withoutDevice
        subjectChangedAt = attributes.date("s_t")
        createdAt = attributes.date("creation")
        creator = attributes.jid("creator")?.withoutDevice
        membersVersion = attributes.text("p_v_id")?.cut(to: 128)
        for child in node.children where child.tag != "participant" { read(child) }
    }

    /// `id` is mostly the user part alone.
    static func jid(of node: BinaryNode) -> JID? {
        guard let value = node.attributes["id"] ?? node.attributes["jid"] else { return nil }
        if let jid = value.jid, jid.server == .group, !jid.user.isEmpty { return jid.withoutDevice }
        let text = value.text
        guard !text.isEmpty, text.utf8.count <= 64, !text.utf8.contains(UInt8(ascii: "@")) else { return nil }
        return JID(user: text, server: .group)
    }

    private mutating func read(_ child: BinaryNode) {
        switch child.tag {
        case "description": description = Description(child, limit: Self.descriptionLimit)
        case "parent":
            flags.insert(.community)
            set(
                .subgroupsAskApproval,
                child.attributes.text("default_membership_approval_mode") == "request_required"
            )
        case "linked_parent": parent = child.attributes.jid("jid")?.withoutDevice
        case "default_sub_group": flags.insert(.defaultSubgroup)
        case "general_chat": flags.insert(.generalChat)
        case "hidden_group": flags.insert(.hidden)
        case "incognito": flags.insert(.incognito)
        case "growth_locked": flags.insert(.growthLocked)
        case "suspended": flags.insert(.suspended)
        default:
            if let setting = GroupSetting(child) { apply(setting) }
        }
    }
}

extension GroupMetadata.Description {
    /// Reads `<description id [participant] [t]><body>text</body></description>`; nil when it has been removed.
    init?(_ node: BinaryNode, limit: Int = 65_536) {
        guard let id = node.attributes.text("id"), let body = node.child("body") else { return nil }
        self.init(
            id: id.cut(to: 128),
            text: (body.text ?? "").cut(to: limit),
            author: node.attributes.jid("participant")?.withoutDevice,
            changedAt: node.attributes.date("t")
        )
    }
}

extension BinaryNode.Attributes {
    /// Seconds since 1970; nil where there are none, or they are beyond any calendar.
    func date(_ key: String) -> Date? {
        guard let seconds = integer(key, as: Int64.self), (0...253_402_300_799).contains(seconds) else { return nil }
        return Date(timeIntervalSince1970: TimeInterval(seconds))
    }
}

extension String {
    /// At most so many bytes of it.
    func cut(to limit: Int) -> String {
        utf8.count <= limit ? self : String(decoding: utf8.prefix(limit), as: UTF8.self)
    }
}
