import Foundation
import WhatsAppWire

extension ServerState {
    /// A new community has an announcement group, and perhaps one for everybody's talk.
    mutating func addCommunityGroups(to community: SandboxGroup, withGeneralChat: Bool) -> [GroupNotice] {
        var notices: [GroupNotice] = []
        for kind in [SandboxGroup.Kind.announcements] + (withGeneralChat ? [.generalChat] : []) {
            var group = newGroup(
                subject: kind == .announcements ? community.subject : "General",
                creator: community.creator,
                usesLIDs: community.usesLIDs
            )
            group.kind = kind
            group.parent = community.id
            group.settings.isAnnouncement = kind == .announcements
            for member in community.members where member != community.creator { group.put(member, .member) }
            groups.all[group.id] = group
            groups.codes[group.inviteCode] = group.id
            notices.append(created(group, by: community.creator))
        }
        return notices
    }

    /// Who comes into a subgroup belongs to the community and its announcement group too.
    mutating func enterCommunity(_ community: String, _ numbers: [String], by author: String?) -> [GroupNotice] {
        let announcements = groups.subgroups(of: community).first { $0.kind == .announcements }
        return [community, announcements?.id].compactMap { $0 }.flatMap { id in
            bring(numbers, into: id, by: author, reason: "linked_group_join")
        }
    }

    func linkNotice(
        _ type: String,
        _ linked: [SandboxGroup],
        in group: SandboxGroup,
        by author: String?
    ) -> GroupNotice {
        let change = BinaryNode("link", ["link_type": .text(type)], children: linked.map { reference(to: $0) })
        return GroupNotice(group, change, by: author)
    }

    /// `sub_groups`, `linked_groups_participants` or `query_linked`.
    func communityAnswer(
        _ child: BinaryNode,
        of community: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> BinaryNode {
        let subgroups = groups.subgroups(of: community.id)
        switch child.tag {
        case "sub_groups":
            guard community.isCommunity else { throw .notFound }
            return BinaryNode("sub_groups", children: subgroups.map { reference(to: $0) })
        case "linked_groups_participants":
            guard community.isCommunity else { throw .notFound }
            var seen: Set<String> = []
            let people = (community.members + subgroups.flatMap(\.members)).filter { seen.insert($0).inserted }
            return BinaryNode(
                "linked_groups_participants",
                children: people.map { participant($0, in: community) }
            )
        default:
            guard let jid = child.attributes.jid("jid"), let group = group(jid) else { throw .notFound }
            guard group.parent == community.id || community.parent == group.id else { throw .notFound }
            return BinaryNode(
                "linked_group",
                children: [node(of: group, members: group.has(number) ? group.members : group.admins)]
            )
        }
    }

    /// `<links><link link_type="sub_group"><group jid/>…</link></links>`.
    mutating func link(
        _ request: BinaryNode,
        to community: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard community.isCommunity else { throw .notAcceptable }
        guard community.isAdmin(number) else { throw .forbidden }
        guard let link = request.child("link"), link.attributes.text("link_type") == "sub_group" else {
            throw .badRequest
        }
        var step = GroupStep()
        var answers: [BinaryNode] = []
        for child in link.children("group").prefix(100) {
            var answer = BinaryNode("group", ["jid": child.attributes["jid"]])
            let group = child.attributes.jid("jid").flatMap { self.group($0) }
            let error: BinaryNode.Value? =
                if let group {
                    group.isCommunity ? "406" : group.parent != nil ? "409" : group.isAdmin(number) ? nil : "403"
                } else {
                    "404"
                }
            answer.attributes["error"] = error
            answers.append(answer)
            guard error == nil, var group else { continue }
            group.parent = community.id
            groups.all[group.id] = group
            step.notices.append(linkNotice("parent_group", [community], in: group, by: number))
            step.notices.append(linkNotice("sub_group", [group], in: community, by: number))
            step.notices += enterCommunity(community.id, group.members, by: number)
        }
        step.answer = [BinaryNode("links", children: [BinaryNode("link", link.attributes, children: answers)])]
        return step
    }

    /// `<unlink unlink_type="sub_group"><group jid [remove_orphaned_members]/>…</unlink>`.
    mutating func unlink(
        _ request: BinaryNode,
        from community: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard community.isCommunity else { throw .notAcceptable }
        guard community.isAdmin(number) else { throw .forbidden }
        var step = GroupStep()
        var answers: [BinaryNode] = []
        for child in request.children("group").prefix(100) {
            var answer = BinaryNode("group", ["jid": child.attributes["jid"]])
            let group = child.attributes.jid("jid").flatMap { self.group($0) }
            if let group, group.parent == community.id, group.kind != .announcements {
                step.notices += separate(group, from: community, by: number, reason: "unlink_group")
                if child.attributes.text("remove_orphaned_members") == "true" {
                    step.notices += dropOrphans(group.members, of: community, by: number)
                }
            } else {
                answer.attributes["error"] = group?.kind == .announcements ? "406" : "404"
            }
            answers.append(answer)
        }
        step.answer = [BinaryNode("unlink", request.attributes, children: answers)]
        return step
    }

    private mutating func separate(
        _ group: SandboxGroup,
        from community: SandboxGroup,
        by number: String,
        reason: String
    ) -> [GroupNotice] {
        groups.all[group.id]?.parent = nil
        guard let group = groups.all[group.id] else { return [] }
        func change(_ type: String, _ other: SandboxGroup) -> BinaryNode {
            BinaryNode(
                "unlink",
                ["unlink_type": .text(type), "unlink_reason": .text(reason)],
                children: [reference(to: other)]
            )
        }
        return [
            GroupNotice(group, change("parent_group", community), by: number),
            GroupNotice(community, change("sub_group", group), by: number),
        ]
    }

    /// Those who are in none of the groups that are left.
    private mutating func dropOrphans(
        _ members: [String],
        of community: SandboxGroup,
        by number: String
    ) -> [GroupNotice] {
        let left = groups.subgroups(of: community.id)
        let orphans = members.filter { member in
            !community.isAdmin(member) && !left.contains { $0.kind != .announcements && $0.has(member) }
        }
        let ids = left.filter { $0.kind == .announcements }.map(\.id) + [community.id]
        return ids.flatMap { drop(orphans, from: $0, by: number) }
    }

    /// `<join_linked_group jid [type]/>`.
    mutating func joinSubgroup(
        _ request: BinaryNode,
        of community: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard let jid = request.attributes.jid("jid"), let group = group(jid), group.parent == community.id else {
            throw .notFound
        }
        return try enter(group, by: number, method: "linked_group_join", reason: "linked_group_join", wrapped: true)
    }

    /// The community ends; its groups go on alone, but for the announcements.
    mutating func deactivate(_ community: SandboxGroup, by number: String) throws(GroupRefusal) -> GroupStep {
        guard community.isCommunity else { throw .notAcceptable }
        guard community.role(of: number) == .superadmin else { throw .forbidden }
        var step = GroupStep()
        for group in groups.subgroups(of: community.id) {
            if group.kind == .announcements {
                groups.remove(group.id)
                step.notices.append(GroupNotice(group, BinaryNode("delete"), by: number))
            } else {
                step.notices += separate(group, from: community, by: number, reason: "delete_parent")
            }
        }
        groups.remove(community.id)
        step.notices.append(
            GroupNotice(community, BinaryNode("delete", ["reason": "delete_parent"]), by: number)
        )
        return step
    }
}
