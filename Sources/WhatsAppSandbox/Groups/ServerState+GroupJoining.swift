import Foundation
import WhatsAppWire

extension ServerState {
    /// The group behind an invite code.
    func group(behind code: String) throws(GroupRefusal) -> SandboxGroup {
        let isPlain = code.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        guard (1...64).contains(code.utf8.count), isPlain else { throw .notAcceptable }
        guard !groups.formerCodes.contains(code) else { throw .gone }
        guard let group = groups.codes[code].flatMap({ groups.all[$0] }) else { throw .notFound }
        return group
    }

    /// By invite link.
    mutating func join(code: String, by number: String) throws(GroupRefusal) -> GroupStep {
        let group = try group(behind: code)
        return try enter(group, by: number, method: "invite_link", reason: "invite", wrapped: false)
    }

    /// In at once, or into the queue where admins want to be asked.
    mutating func enter(
        _ group: SandboxGroup,
        by number: String,
        method: String,
        reason: String,
        wrapped: Bool
    ) throws(GroupRefusal) -> GroupStep {
        guard !group.has(number) else { throw .isMember }
        guard !group.removed.contains(number) else { throw .wasRemoved }
        guard group.members.count < group.limit else { throw .full }
        func answer(_ tag: String) -> [BinaryNode] {
            let node = BinaryNode(tag, ["jid": .jid(group.jid)])
            return wrapped ? [BinaryNode("linked_group", children: [node])] : [node]
        }
        guard group.settings.joinApproval else {
            var step = GroupStep(answer: answer("group"))
            step.notices = bring([number], into: group.id, by: number, reason: reason)
            if let parent = group.parent { step.notices += enterCommunity(parent, [number], by: number) }
            return step
        }
        if !group.joinRequests.contains(where: { $0.number == number }) {
            guard group.joinRequests.count < 1_000 else { throw .full }
            groups.all[group.id]?.joinRequests.append(.init(number: number, requestedAt: now, method: method))
        }
        var request = BinaryNode("membership_approval_request", ["request_method": .text(method)])
        request.attributes["parent_group_jid"] = group.parent.map { .jid(JID(user: $0, server: .group)) }
        return GroupStep(
            answer: answer("membership_approval_request"),
            notices: [GroupNotice(group, request, by: number, to: group.admins)]
        )
    }

    // MARK: Personal invitations

    /// Whether the invitation is for that person and still holds.
    func check(_ request: BinaryNode, of group: SandboxGroup, for number: String) throws(GroupRefusal) {
        guard let invitation = group.invitations[number], request.attributes.text("code") == invitation.code else {
            throw .notFound
        }
        guard invitation.expiration >= unixTime else { throw .gone }
        guard let admin = request.attributes.jid("admin"), self.number(of: admin) == invitation.inviter else {
            throw .notAcceptable
        }
    }

    mutating func accept(
        _ request: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard !group.has(number) else { throw .isMember }
        try check(request, of: group, for: number)
        guard group.members.count < group.limit else { throw .full }
        var step = GroupStep(notices: bring([number], into: group.id, by: number, reason: "invite"))
        if let parent = group.parent { step.notices += enterCommunity(parent, [number], by: number) }
        return step
    }

    mutating func withdrawInvitations(
        _ request: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard group.isAdmin(number) else { throw .forbidden }
        let people = try numbers(in: request).compactMap(\.1).filter { group.invitations[$0] != nil }
        for person in people { groups.all[group.id]?.invitations[person] = nil }
        guard !people.isEmpty else { return GroupStep() }
        let change = BinaryNode("revoke", children: people.map { participant($0, in: group) })
        return GroupStep(notices: [GroupNotice(group, change, by: number, to: group.admins)])
    }

    // MARK: Requests to join

    func joinRequests(of group: SandboxGroup) -> BinaryNode {
        BinaryNode(
            "membership_approval_requests",
            children: group.joinRequests.map { request in
                var node = participant(request.number, in: group)
                node.tag = "membership_approval_request"
                node.attributes["request_time"] = .text(seconds(request.requestedAt))
                node.attributes["request_method"] = .text(request.method)
                return node
            }
        )
    }

    /// `<membership_requests_action><approve|reject><participant/>…</approve|reject></membership_requests_action>`.
    mutating func decide(
        _ request: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard group.isAdmin(number) else { throw .forbidden }
        var step = GroupStep()
        var answers: [BinaryNode] = []
        for decision in request.children where decision.tag == "approve" || decision.tag == "reject" {
            var done: [String] = []
            var people: [BinaryNode] = []
            for (jid, person) in try numbers(in: decision) {
                guard let person, groups.all[group.id]?.joinRequests.contains(where: { $0.number == person }) == true
                else {
                    people.append(BinaryNode("participant", ["jid": .jid(jid), "error": "404"]))
                    continue
                }
                done.append(person)
                people.append(participant(person, in: group))
            }
            answers.append(BinaryNode(decision.tag, children: people))
            guard !done.isEmpty else { continue }
            groups.all[group.id]?.joinRequests.removeAll { done.contains($0.number) }
            if decision.tag == "approve" {
                step.notices += bring(done, into: group.id, by: number, reason: "invite")
                if let parent = group.parent { step.notices += enterCommunity(parent, done, by: number) }
            } else {
                step.notices.append(withdrawn(done, from: group, by: number))
            }
        }
        step.answer = [BinaryNode("membership_requests_action", children: answers)]
        return step
    }

    mutating func cancelJoinRequest(of group: SandboxGroup, by number: String) -> GroupStep {
        guard group.joinRequests.contains(where: { $0.number == number }) else { return GroupStep() }
        groups.all[group.id]?.joinRequests.removeAll { $0.number == number }
        return GroupStep(notices: [withdrawn([number], from: group, by: number)])
    }

    private func withdrawn(_ numbers: [String], from group: SandboxGroup, by author: String) -> GroupNotice {
        let change = BinaryNode(
            "revoked_membership_requests",
            children: numbers.map { participant($0, in: group) }
        )
        return GroupNotice(group, change, by: author, to: group.admins + numbers)
    }
}
