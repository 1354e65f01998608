import Foundation
import WhatsAppWire

/// `w:g2`: what companions ask of groups.
extension ServerState {
    mutating func groupRequest(_ iq: BinaryNode, from device: DeviceAddress, on id: ConnectionID) {
        let step: GroupStep
        do throws(GroupRefusal) {
            step = try groupStep(iq, by: device.number)
        } catch {
            return reject(iq, code: error.code, error.text, on: id)
        }
        reply(to: iq, children: step.answer, on: id)
        for notice in step.notices { tell(notice) }
        if !step.notices.isEmpty { add(.save) }
    }

    private mutating func groupStep(_ iq: BinaryNode, by number: String) throws(GroupRefusal) -> GroupStep {
        guard let to = iq.attributes.jid("to"), to.server == .group, let child = iq.children.first else {
            throw .badRequest
        }
        let isSet = iq.attributes.text("type") == "set"
        guard !to.user.isEmpty else {
            return isSet ? try setAnywhere(child, by: number) : try getAnywhere(child, by: number)
        }
        guard let group = groups.all[to.user] else { throw .notFound }
        return isSet ? try set(child, of: group, by: number) : try get(child, of: group, by: number)
    }

    private mutating func setAnywhere(_ child: BinaryNode, by number: String) throws(GroupRefusal) -> GroupStep {
        switch child.tag {
        case "create": try createGroup(child, by: number)
        case "leave": try leave(child, by: number)
        case "invite": try join(code: child.attributes.text("code") ?? "", by: number)
        default: throw .badRequest
        }
    }

    private func getAnywhere(_ child: BinaryNode, by number: String) throws(GroupRefusal) -> GroupStep {
        switch child.tag {
        case "participating":
            let withMembers = child.child("participants") != nil
            let withDescription = child.child("description") != nil
            let nodes = groups.groups(of: number).map { group in
                node(of: group, members: withMembers ? group.members : nil, withDescription: withDescription)
            }
            return GroupStep(answer: [BinaryNode("groups", children: nodes)])
        case "query":
            let nodes = child.children("group").prefix(10_000).compactMap { asked -> BinaryNode? in
                guard let jid = asked.attributes.jid("jid") else { return nil }
                guard let group = group(jid) else {
                    return BinaryNode("group", ["id": .text(jid.user), "error": "404"])
                }
                guard group.has(number) else { return BinaryNode("group", ["id": .text(jid.user), "error": "403"]) }
                return node(of: group, members: group.members)
            }
            return GroupStep(answer: [BinaryNode("groups", children: nodes)])
        case "invite":
            let group = try group(behind: child.attributes.text("code") ?? "")
            return GroupStep(answer: [node(of: group, members: Array(group.admins.prefix(5)))])
        case "pictures": return GroupStep(answer: [groupPictures(child, for: number)])
        default: throw .badRequest
        }
    }

    private mutating func set(
        _ child: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        switch child.tag {
        case "accept": return try accept(child, of: group, by: number)
        case "cancel_membership_requests": return cancelJoinRequest(of: group, by: number)
        default: break
        }
        guard group.has(number) else { throw .forbidden }
        switch child.tag {
        case "add", "remove", "promote", "demote": return try changeMembers(child, of: group, by: number)
        case "subject", "description": return try changeText(child, of: group, by: number)
        case "invite": return try replaceInviteCode(of: group, by: number)
        case "revoke": return try withdrawInvitations(child, of: group, by: number)
        case "membership_requests_action": return try decide(child, of: group, by: number)
        case "links": return try link(child, to: group, by: number)
        case "unlink": return try unlink(child, from: group, by: number)
        case "join_linked_group": return try joinSubgroup(child, of: group, by: number)
        case "delete_parent": return try deactivate(group, by: number)
        case "ack": return GroupStep()
        default: return try change(child, of: group, by: number)
        }
    }

    private func get(
        _ child: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        if child.tag == "query", let request = child.child("add_request") {
            try check(request, of: group, for: number)
            return GroupStep(answer: [node(of: group, members: Array(group.admins.prefix(5)))])
        }
        guard group.has(number) else { throw .forbidden }
        switch child.tag {
        case "query": return GroupStep(answer: [node(of: group, members: group.members)])
        case "invite":
            guard group.isAdmin(number) || !group.settings.adminsLink else { throw .notAuthorized }
            return GroupStep(answer: [BinaryNode("invite", ["code": .text(group.inviteCode)])])
        case "membership_approval_requests":
            guard group.isAdmin(number) else { throw .forbidden }
            return GroupStep(answer: [joinRequests(of: group)])
        case "sub_groups", "linked_groups_participants", "query_linked":
            return GroupStep(answer: [try communityAnswer(child, of: group, by: number)])
        default: throw .badRequest
        }
    }
}
