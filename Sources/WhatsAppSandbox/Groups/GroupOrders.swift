import Foundation
import WhatsAppWire

/// A group that somebody makes on a phone.
package struct NewGroup: Sendable {
    package var subject: String
    /// The number of the phone that makes it.
    package var owner: String
    /// Numbers; nobody's privacy settings count.
    package var members: [String]
    package var description: String?
    /// Nil for the sandbox's own habit.
    package var usesLIDs: Bool?
    package var isCommunity: Bool
    /// The community that it is to belong to.
    package var parent: String?

    package init(
        subject: String,
        owner: String,
        members: [String] = [],
        description: String? = nil,
        usesLIDs: Bool? = nil,
        isCommunity: Bool = false,
        parent: String? = nil
    ) {
        self.subject = subject
        self.owner = owner
        self.members = members
        self.description = description
        self.usesLIDs = usesLIDs
        self.isCommunity = isCommunity
        self.parent = parent
    }
}

/// What somebody does with members on a phone.
package enum GroupMemberAction: String, Sendable, CaseIterable {
    case add, remove, promote, demote
    /// The one who acts goes.
    case leave
    /// The one who acts comes by the group's invite link.
    case join
    /// The service says that the number or LID of these members has changed.
    case modify
}

/// What somebody changes of a group on a phone; nil stays as it is.
package struct GroupChange: Sendable {
    package var subject: String?
    /// Empty removes it.
    package var description: String?
    package var announcement: Bool?
    package var locked: Bool?
    package var ephemeral: Int?
    package var adminsAdd: Bool?
    package var adminsLink: Bool?
    package var joinApproval: Bool?

    package init() {}

    fileprivate var settings: [BinaryNode] {
        let expiration = ephemeral.map { max(0, $0) }
        let approval = joinApproval.map { isOn in
            BinaryNode(
                "membership_approval_mode",
                children: [BinaryNode("group_join", ["state": isOn ? "on" : "off"])]
            )
        }
        return [
            announcement.map { BinaryNode($0 ? "announcement" : "not_announcement") },
            locked.map { BinaryNode($0 ? "locked" : "unlocked") },
            expiration.map {
                $0 == 0
                    ? BinaryNode("not_ephemeral") : BinaryNode("ephemeral", ["expiration": .text(String($0))])
            },
            adminsAdd.map { BinaryNode("member_add_mode", text: $0 ? "admin_add" : "all_member_add") },
            adminsLink.map { BinaryNode("member_link_mode", text: $0 ? "admin_link" : "all_member_link") },
            approval,
        ].compactMap { $0 }
    }
}

extension ServerState {
    /// A phone makes a group.
    mutating func createGroup(_ order: NewGroup) throws(SandboxError) -> SandboxGroup {
        for number in [order.owner] + order.members where phones[number] == nil { throw .unknownPhone }
        guard (1...100).contains(order.subject.count), order.subject.utf8.count <= 1_024 else {
            throw .invalid(field: "subject", reason: "A subject has 1 to 100 characters.")
        }
        guard order.members.count <= 20_000 else {
            throw .invalid(field: "members", reason: "At most 20,000 people.")
        }
        if let parent = order.parent, groups.all[parent]?.isCommunity != true { throw .unknownGroup }
        var group = newGroup(
            subject: order.subject,
            creator: order.owner,
            usesLIDs: order.usesLIDs ?? settings.groupsUseLIDs
        )
        for number in order.members where number != order.owner { group.put(number, .member) }
        if let text = order.description, !text.isEmpty {
            group.description = .init(id: newStanzaID(), text: text, author: order.owner, changedAt: now)
        }
        group.kind = order.isCommunity ? .community : .group
        group.parent = order.parent
        groups.all[group.id] = group
        groups.codes[group.inviteCode] = group.id
        var notices = [created(group, by: order.owner)]
        if group.isCommunity { notices += addCommunityGroups(to: group, withGeneralChat: false) }
        if let parent = order.parent, let community = groups.all[parent] {
            notices += enterCommunity(parent, group.members, by: order.owner)
            notices.append(linkNotice("sub_group", [group], in: community, by: order.owner))
        }
        for notice in notices { tell(notice) }
        add(.save)
        return group
    }

    /// Somebody adds, removes, promotes, demotes, leaves or joins on a phone.
    mutating func changeMembers(
        _ action: GroupMemberAction,
        _ numbers: [String],
        of id: String,
        by number: String
    ) throws(SandboxError) -> SandboxGroup {
        for number in [number] + numbers where phones[number] == nil { throw .unknownPhone }
        guard let group = groups.all[id] else { throw .unknownGroup }
        let people = numbers.map { BinaryNode("participant", ["jid": .jid(person($0, by: group.form))]) }
        try carryOut { state throws(GroupRefusal) in
            switch action {
            case .add, .remove, .promote, .demote:
                guard group.has(number) else { throw .forbidden }
                return try state.changeMembers(BinaryNode(action.rawValue, children: people), of: group, by: number)
            case .leave:
                let asked = BinaryNode("group", ["id": .jid(group.jid)])
                return try state.leave(BinaryNode("leave", children: [asked]), by: number)
            case .join: return try state.join(code: group.inviteCode, by: number)
            case .modify:
                let change = BinaryNode("modify", children: numbers.map { state.participant($0, in: group) })
                return GroupStep(notices: [GroupNotice(group, change, by: nil)])
            }
        }
        // Whoever was last has taken the group along.
        return groups.all[id] ?? group
    }

    /// Somebody changes subject, description or settings on a phone.
    mutating func change(
        _ change: GroupChange,
        of id: String,
        by number: String
    ) throws(SandboxError) -> SandboxGroup {
        guard phones[number] != nil else { throw .unknownPhone }
        guard let group = groups.all[id] else { throw .unknownGroup }
        var nodes = change.settings
        if let subject = change.subject { nodes.append(BinaryNode("subject", text: subject)) }
        if let text = change.description {
            var node = BinaryNode(
                "description",
                ["id": .text(newStanzaID()), "prev": group.description.map { .text($0.id) }]
            )
            if text.isEmpty {
                node.attributes["delete"] = "true"
            } else {
                node.content = .nodes([BinaryNode("body", text: text)])
            }
            nodes.append(node)
        }
        for node in nodes {
            try carryOut { state throws(GroupRefusal) in
                guard let group = state.groups.all[id], group.has(number) else { throw .forbidden }
                return node.tag == "subject" || node.tag == "description"
                    ? try state.changeText(node, of: group, by: number)
                    : try state.change(node, of: group, by: number)
            }
        }
        return groups.all[id] ?? group
    }

    /// The service takes a group away.
    mutating func deleteGroup(_ id: String) throws(SandboxError) {
        guard let group = groups.all[id] else { throw .unknownGroup }
        groups.remove(id)
        tell(GroupNotice(group, BinaryNode("delete"), by: nil))
        add(.save)
    }

    /// Whether others may add somebody to groups; if not, they are given an invitation to send.
    mutating func letAdd(_ number: String, _ isAllowed: Bool) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        if isAllowed { groups.refusing.remove(number) } else { groups.refusing.insert(number) }
        add(.save)
    }

    private mutating func carryOut(
        _ work: (inout ServerState) throws(GroupRefusal) -> GroupStep
    ) throws(SandboxError) {
        let step: GroupStep
        do throws(GroupRefusal) {
            step = try work(&self)
        } catch {
            throw .groupRefused(code: error.code, text: error.text)
        }
        for notice in step.notices { tell(notice) }
        add(.save)
    }
}
