import Foundation
import WhatsAppWire

extension ServerState {
    /// The group behind a JID.
    func group(_ jid: JID) -> SandboxGroup? {
        jid.server == .group ? groups.all[jid.user] : nil
    }

    /// A person in one form, and what the other form's attribute is called.
    func person(_ number: String, by form: AddressingForm) -> JID {
        jid(of: DeviceAddress(number: number, device: 0), by: form)
    }

    /// `<participant jid [phone_number|lid] [type]/>`, as the group addresses its members.
    func participant(
        _ number: String,
        in group: SandboxGroup,
        role: SandboxGroup.Role? = nil,
        error: Int? = nil
    ) -> BinaryNode {
        participant(number, by: group.form, role: role, error: error)
    }

    func participant(
        _ number: String,
        by form: AddressingForm,
        role: SandboxGroup.Role? = nil,
        error: Int? = nil
    ) -> BinaryNode {
        let other: BinaryNode.Value = .jid(person(number, by: form.other))
        return BinaryNode(
            "participant",
            [
                "jid": .jid(person(number, by: form)), (form == .lid ? "phone_number" : "lid"): other,
                "type": role?.word, "error": error.map { .text(String($0)) },
            ]
        )
    }

    /// `<group id subject …>` with its settings; `members` nil leaves them out.
    func node(of group: SandboxGroup, members: [String]?, withDescription: Bool = true) -> BinaryNode {
        let form = group.form
        var attributes: BinaryNode.Attributes = [
            "id": .text(group.id), "subject": .text(group.subject),
            "s_t": .text(seconds(group.subjectChangedAt)), "s_o": .jid(person(group.subjectAuthor, by: form)),
            "creation": .text(seconds(group.createdAt)), "creator": .jid(person(group.creator, by: form)),
            "size": .text(String(group.members.count)), "a_v_id": .text(String(group.membersVersion)),
            "p_v_id": .text(String(group.membersVersion)), "addressing_mode": form.mode,
        ]
        if form == .lid {
            attributes["s_o_pn"] = .jid(person(group.subjectAuthor, by: .phoneNumber))
            attributes["creator_pn"] = .jid(person(group.creator, by: .phoneNumber))
        }
        var children = (members ?? []).map { participant($0, in: group, role: group.role(of: $0)) }
        if withDescription, let description = group.description {
            children.append(node(of: description, in: group))
        }
        children += group.settings.nodes
        switch group.kind {
        case .group: break
        case .community:
            let asks: BinaryNode.Value? = group.settings.subgroupsAskApproval ? "request_required" : nil
            children.append(BinaryNode("parent", ["default_membership_approval_mode": asks]))
        case .announcements: children.append(BinaryNode("default_sub_group"))
        case .generalChat: children.append(BinaryNode("general_chat"))
        }
        if let parent = group.parent {
            children.append(BinaryNode("linked_parent", ["jid": .jid(JID(user: parent, server: .group))]))
        }
        return BinaryNode("group", attributes, children: children)
    }

    func node(of description: SandboxGroup.Description, in group: SandboxGroup) -> BinaryNode {
        BinaryNode(
            "description",
            [
                "id": .text(description.id), "participant": .jid(person(description.author, by: group.form)),
                "t": .text(seconds(description.changedAt)),
            ],
            children: [BinaryNode("body", text: description.text)]
        )
    }

    /// A group in a list of links.
    func reference(to group: SandboxGroup, error: Int? = nil) -> BinaryNode {
        BinaryNode(
            "group",
            [
                "id": .text(group.id), "jid": .jid(group.jid), "subject": .text(group.subject),
                "s_t": .text(seconds(group.subjectChangedAt)), "error": error.map { .text(String($0)) },
            ],
            children: group.kind == .announcements ? [BinaryNode("default_sub_group")] : []
        )
    }

    func seconds(_ date: Date) -> String { String(UInt64(max(0, date.timeIntervalSince1970))) }

    /// Tells every companion of those whom it concerns; at once or when it comes back.
    mutating func tell(_ notice: GroupNotice) {
        let form = notice.group.form
        var attributes: BinaryNode.Attributes = [
            "from": .jid(notice.group.jid), "type": "w:gp2", "t": .text(String(unixTime)), "addressing_mode": form.mode,
        ]
        if let author = notice.author {
            attributes["participant"] = .jid(person(author, by: form))
            if form == .lid { attributes["participant_pn"] = .jid(person(author, by: .phoneNumber)) }
            attributes["notify"] = phones[author].map { .text($0.name) }
        }
        let id = newStanzaID()
        attributes["id"] = .text(id)
        let node = BinaryNode("notification", attributes, children: [notice.change])
        for number in notice.audience {
            for device in phones[number]?.devices.keys.sorted() ?? [] {
                deliver(node, id: id, to: DeviceAddress(number: number, device: device))
            }
        }
    }

    /// A change of the member list, with the version that it leads to; to be told after the change.
    mutating func memberChange(
        _ tag: String,
        _ numbers: [String],
        of group: inout SandboxGroup,
        reason: String? = nil
    ) -> BinaryNode {
        let previous = group.membersVersion
        group.membersVersion += 1
        return BinaryNode(
            tag,
            [
                "reason": reason.map { .text($0) }, "prev_v_id": .text(String(previous)),
                "v_id": .text(String(group.membersVersion)),
            ],
            children: numbers.map { participant($0, in: group, role: group.role(of: $0)) }
        )
    }
}
