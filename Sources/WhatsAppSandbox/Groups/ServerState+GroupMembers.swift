import Foundation
import WhatsAppWire

extension ServerState {
    /// `add`, `remove`, `promote` or `demote`; the answer names everybody, with an error where it did not work.
    mutating func changeMembers(
        _ request: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        let isAdmin = group.isAdmin(number)
        if request.tag == "add" {
            let isOpen = !group.settings.adminsAdd && !group.settings.joinApproval
            guard isAdmin || isOpen else { throw .forbidden }
        } else {
            guard isAdmin else { throw .forbidden }
        }
        let asked = try numbers(in: request)
        guard !asked.isEmpty else { throw .badRequest }
        var changed = group
        var done: [String] = []
        var answers: [BinaryNode] = []
        for (jid, person) in asked {
            guard let person else {
                answers.append(BinaryNode("participant", ["jid": .jid(jid), "error": "404"]))
                continue
            }
            if let code = obstacle(request.tag, person, in: changed, by: number) {
                let isOffered = request.tag == "add" && code == 403
                answers.append(
                    isOffered
                        ? offer(person, of: &changed, by: number) : participant(person, in: changed, error: code)
                )
                continue
            }
            switch request.tag {
            case "add":
                changed.put(person, .member)
                changed.removed.remove(person)
                changed.joinRequests.removeAll { $0.number == person }
            case "promote": changed.put(person, .admin)
            case "demote": changed.put(person, .member)
            default: changed.removed.insert(person)
            }
            done.append(person)
            answers.append(participant(person, in: changed, role: changed.role(of: person)))
        }
        var step = GroupStep(answer: [BinaryNode(request.tag, children: answers)])
        guard !done.isEmpty else {
            groups.all[group.id] = changed
            return step
        }
        let notice = memberChange(request.tag, done, of: &changed)
        if request.tag == "remove" { changed.remove(Set(done)) }
        groups.all[group.id] = changed
        if request.tag == "add" {
            step.notices.append(GroupNotice(changed, notice, by: number, to: group.members))
            // Those who are new are shown the whole group.
            step.notices.append(welcome(done, to: changed, by: number))
            if let parent = group.parent { step.notices += enterCommunity(parent, done, by: number) }
        } else {
            step.notices.append(GroupNotice(changed, notice, by: number, also: done))
        }
        if request.tag == "remove", group.isCommunity, request.attributes.text("linked_groups") == "true" {
            for subgroup in groups.subgroups(of: group.id) {
                step.notices += drop(done.filter(subgroup.has), from: subgroup.id, by: number)
            }
        }
        return step
    }

    private func obstacle(_ tag: String, _ person: String, in group: SandboxGroup, by number: String) -> Int? {
        if tag == "add" { return obstacle(to: person, in: group) }
        guard let role = group.role(of: person) else { return 404 }
        // Nobody overrules the creator, and who leaves says so.
        if tag != "promote", role == .superadmin { return 406 }
        if tag == "remove", person == number { return 406 }
        return nil
    }

    /// A whole group for those who are new in it.
    func welcome(_ numbers: [String], to group: SandboxGroup, by author: String?, reason: String? = nil) -> GroupNotice
    {
        let create = BinaryNode(
            "create",
            ["reason": reason.map { .text($0) }],
            children: [node(of: group, members: group.members)]
        )
        return GroupNotice(group, create, by: author, to: numbers)
    }

    /// Puts people into a group whatever its rules, and says whom to tell.
    mutating func bring(
        _ numbers: [String],
        into id: String,
        by author: String?,
        reason: String?
    ) -> [GroupNotice] {
        guard var group = groups.all[id] else { return [] }
        let new = numbers.filter { !group.has($0) }
        guard !new.isEmpty else { return [] }
        let before = group.members
        for number in new {
            group.put(number, .member)
            group.invitations[number] = nil
            group.removed.remove(number)
        }
        group.joinRequests.removeAll { new.contains($0.number) }
        let change = memberChange("add", new, of: &group, reason: reason)
        groups.all[id] = group
        return [
            GroupNotice(group, change, by: author, to: before), welcome(new, to: group, by: author, reason: reason),
        ]
    }

    /// Takes people out of a group, and says whom to tell; an empty group is gone.
    mutating func drop(_ numbers: [String], from id: String, by author: String?, tag: String = "remove")
        -> [GroupNotice]
    {
        guard var group = groups.all[id] else { return [] }
        let gone = numbers.filter(group.has)
        guard !gone.isEmpty else { return [] }
        let change = memberChange(tag, gone, of: &group)
        group.remove(Set(gone))
        var notices = [GroupNotice(group, change, by: author, also: gone)]
        if group.admins.isEmpty, let heir = group.members.first {
            group.put(heir, .superadmin)
            let change = memberChange("promote", [heir], of: &group)
            notices.append(GroupNotice(group, change, by: nil))
        }
        if group.members.isEmpty { groups.remove(id) } else { groups.all[id] = group }
        return notices
    }

    /// `<leave><group id/>…</leave>` or `<leave><community id/></leave>`.
    mutating func leave(_ request: BinaryNode, by number: String) throws(GroupRefusal) -> GroupStep {
        guard !request.children.isEmpty, request.children.count <= 1_000 else { throw .badRequest }
        var step = GroupStep()
        var answers: [BinaryNode] = []
        for child in request.children where child.tag == "group" || child.tag == "community" {
            let id = child.attributes.jid("id")?.user ?? child.attributes.text("id") ?? ""
            var answer = BinaryNode(child.tag, ["id": child.attributes["id"]])
            if let group = groups.all[id], group.has(number) {
                if child.tag == "community" || group.isCommunity {
                    for subgroup in groups.subgroups(of: id) {
                        step.notices += drop([number], from: subgroup.id, by: number)
                    }
                }
                step.notices += drop([number], from: id, by: number)
            } else {
                answer.attributes["error"] = groups.all[id] == nil ? "404" : "403"
            }
            answers.append(answer)
        }
        step.answer = [BinaryNode("leave", children: answers)]
        return step
    }

    /// An account is gone, and with it its places.
    mutating func leaveAllGroups(_ number: String) {
        for group in groups.groups(of: number) {
            for notice in drop([number], from: group.id, by: number) { tell(notice) }
        }
        groups.refusing.remove(number)
    }
}
