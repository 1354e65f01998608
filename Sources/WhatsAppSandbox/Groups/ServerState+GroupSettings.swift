import Foundation
import WhatsAppWire

extension ServerState {
    /// A switch; who may turn it depends on which it is.
    mutating func change(
        _ child: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        var changed = group
        guard changed.settings.apply(child) else { throw .badRequest }
        let isForMembers = child.tag == "ephemeral" || child.tag == "not_ephemeral"
        guard group.isAdmin(number) || (isForMembers && !group.settings.isLocked) else { throw .forbidden }
        groups.all[group.id] = changed
        return GroupStep(notices: [GroupNotice(changed, child, by: number)])
    }

    /// `<subject>text</subject>` or `<description id prev [delete]>`.
    mutating func changeText(
        _ child: BinaryNode,
        of group: SandboxGroup,
        by number: String
    ) throws(GroupRefusal) -> GroupStep {
        guard group.isAdmin(number) || !group.settings.isLocked else { throw .forbidden }
        var changed = group
        guard child.tag == "description" else {
            let subject = child.text ?? ""
            guard (1...100).contains(subject.count), subject.utf8.count <= 1_024 else { throw .notAcceptable }
            changed.subject = subject
            changed.subjectAuthor = number
            changed.subjectChangedAt = now
            groups.all[group.id] = changed
            var change = BinaryNode(
                "subject",
                [
                    "subject": .text(subject), "s_o": .jid(person(number, by: group.form)),
                    "s_t": .text(seconds(now)),
                ]
            )
            if group.usesLIDs { change.attributes["s_o_pn"] = .jid(person(number, by: .phoneNumber)) }
            return GroupStep(notices: [GroupNotice(changed, change, by: number)])
        }
        guard child.attributes.text("prev") == group.description?.id else { throw .conflict }
        guard let id = child.attributes.text("id"), !id.isEmpty, id.utf8.count <= 128 else { throw .badRequest }
        let change: BinaryNode
        if child.attributes.text("delete") == "true" {
            changed.description = nil
            change = BinaryNode("description", ["id": .text(id)], children: [BinaryNode("delete")])
        } else {
            guard let text = child.child("body")?.text, text.count <= 2_048, text.utf8.count <= 16_384 else {
                throw .notAcceptable
            }
            changed.description = .init(id: id, text: text, author: number, changedAt: now)
            change = BinaryNode("description", ["id": .text(id)], children: [BinaryNode("body", text: text)])
        }
        groups.all[group.id] = changed
        return GroupStep(notices: [GroupNotice(changed, change, by: number)])
    }

    /// The old code is worthless from now on.
    mutating func replaceInviteCode(of group: SandboxGroup, by number: String) throws(GroupRefusal) -> GroupStep {
        guard group.isAdmin(number) else { throw .forbidden }
        groups.replaceCode(of: group.id, with: newInviteCode())
        guard let changed = groups.all[group.id] else { throw .notFound }
        let change = BinaryNode("invite", ["code": .text(changed.inviteCode)])
        return GroupStep(answer: [change], notices: [GroupNotice(changed, change, by: number)])
    }
}
