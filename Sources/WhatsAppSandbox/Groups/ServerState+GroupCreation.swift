import Foundation
import WhatsAppWire

extension ServerState {
    /// Wire form: `<create subject key>` with participants, settings and the place among communities.
    mutating func createGroup(_ request: BinaryNode, by number: String) throws(GroupRefusal) -> GroupStep {
        let subject = request.attributes.text("subject") ?? ""
        guard (1...100).contains(subject.count), subject.utf8.count <= 1_024 else { throw .notAcceptable }
        let asked = try numbers(in: request)
        let parent = request.child("linked_parent")?.attributes.jid("jid")
        if let parent {
            guard let community = group(parent), community.isCommunity else { throw .notFound }
            guard community.isAdmin(number) || (community.settings.memberSubgroups && community.has(number)) else {
                throw .forbidden
            }
        }
        var group = newGroup(subject: subject, creator: number, usesLIDs: settings.groupsUseLIDs)
        for child in request.children { _ = group.settings.apply(child) }
        if let text = request.child("description")?.child("body")?.text {
            guard text.count <= 2_048 else { throw .notAcceptable }
            group.description = .init(
                id: request.child("description")?.attributes.text("id") ?? "1",
                text: text,
                author: number,
                changedAt: now
            )
        }
        if let place = request.child("parent") {
            group.kind = .community
            group.settings.subgroupsAskApproval =
                place.attributes.text("default_membership_approval_mode") == "request_required"
        }
        group.parent = parent?.user
        var refused: [BinaryNode] = []
        for (jid, person) in asked {
            switch person.map({ obstacle(to: $0, in: group) }) {
            case .none: refused.append(BinaryNode("participant", ["jid": .jid(jid), "error": "404"]))
            case .some(403?):
                if let person { refused.append(offer(person, of: &group, by: number)) }
            case .some(let code?):
                if let person { refused.append(participant(person, in: group, error: code)) }
            case .some(nil):
                if let person { group.put(person, .member) }
            }
        }
        groups.all[group.id] = group
        groups.codes[group.inviteCode] = group.id
        var answer = node(of: group, members: group.members)
        var step = GroupStep()
        step.notices.append(created(group, key: request.attributes["key"], by: number))
        if group.isCommunity {
            step.notices += addCommunityGroups(to: group, withGeneralChat: request.child("create_general_chat") != nil)
        }
        if let parent, let community = self.group(parent) {
            step.notices += enterCommunity(community.id, group.members, by: number)
            step.notices.append(linkNotice("sub_group", [group], in: community, by: number))
        }
        if case .nodes(let children) = answer.content { answer.content = .nodes(children + refused) }
        step.answer = [answer]
        add(.save)
        return step
    }

    mutating func newGroup(subject: String, creator: String, usesLIDs: Bool) -> SandboxGroup {
        var id: String
        repeat {
            id = "120363" + String(UInt64.random(in: 100_000_000_000...999_999_999_999, using: &random))
        } while groups.all[id] != nil
        return SandboxGroup(
            id: id,
            subject: subject,
            creator: creator,
            usesLIDs: usesLIDs,
            inviteCode: newInviteCode(),
            now: now
        )
    }

    mutating func newInviteCode() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<22).compactMap { _ in alphabet.randomElement(using: &random) })
    }

    func created(_ group: SandboxGroup, key: BinaryNode.Value? = nil, by number: String) -> GroupNotice {
        let create = BinaryNode(
            "create",
            ["type": "new", "key": key],
            children: [node(of: group, members: group.members)]
        )
        return GroupNotice(group, create, by: number)
    }

    /// The people that a request names, and their numbers where there is such an account.
    func numbers(in request: BinaryNode) throws(GroupRefusal) -> [(JID, String?)] {
        let nodes = request.children("participant")
        guard nodes.count <= 20_000 else { throw .notAcceptable }
        var seen: Set<JID> = []
        return nodes.compactMap { node in
            guard let jid = node.attributes.jid("jid")?.withoutDevice, seen.insert(jid).inserted else { return nil }
            return (jid, number(of: jid))
        }
    }

    /// Why somebody cannot be added; nil when nothing is in the way.
    func obstacle(to number: String, in group: SandboxGroup) -> Int? {
        if group.has(number) { return 409 }
        if group.members.count >= group.limit { return 419 }
        return groups.refusing.contains(number) ? 403 : nil
    }

    /// Somebody cannot be added, but can be sent an invitation: `<participant error="403"><add_request/></participant>`.
    mutating func offer(_ number: String, of group: inout SandboxGroup, by inviter: String) -> BinaryNode {
        let invitation = SandboxGroup.Invitation(
            code: String(newInviteCode().prefix(16)),
            expiration: unixTime + 3 * 86_400,
            inviter: inviter
        )
        group.invitations[number] = invitation
        var node = participant(number, in: group, error: 403)
        node.content = .nodes([
            BinaryNode(
                "add_request",
                ["code": .text(invitation.code), "expiration": .text(String(invitation.expiration))]
            )
        ])
        return node
    }
}
