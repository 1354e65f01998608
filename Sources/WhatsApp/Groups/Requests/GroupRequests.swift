package import WhatsAppWire

/// The requests of `w:g2`, without their identifiers.
package enum GroupRequests {
    static let service = JID(user: "", server: .group)

    /// Wire form: `<iq type xmlns="w:g2" to>children</iq>`.
    static func iq(_ type: String, to: JID, _ children: BinaryNode...) -> BinaryNode {
        BinaryNode("iq", ["to": .jid(to), "type": .text(type), "xmlns": "w:g2"], children: children)
    }

    static func participants(_ jids: [JID]) -> [BinaryNode] {
        jids.map { BinaryNode("participant", ["jid": .jid($0.withoutDevice)]) }
    }

    // MARK: Groups

    /// `key` comes back in the notification, so that the echo can be recognised; `id` names the description.
    package static func create(_ creation: GroupCreation, key: String, descriptionID: String) -> BinaryNode {
        var children = creation.members.map(\.node)
        if let description = creation.description {
            children.append(
                BinaryNode(
                    "description",
                    ["id": .text(descriptionID)],
                    children: [BinaryNode("body", text: description)]
                )
            )
        }
        children += creation.settings.map(\.node)
        switch creation.place {
        case .group: break
        case .community(let asksApproval):
            children.append(
                BinaryNode(
                    "parent",
                    ["default_membership_approval_mode": asksApproval ? "request_required" : nil]
                )
            )
        case .subgroup(let parent): children.append(BinaryNode("linked_parent", ["jid": .jid(parent)]))
        }
        if creation.hasGeneralChat { children.append(BinaryNode("create_general_chat")) }
        return iq(
            "set",
            to: service,
            BinaryNode("create", ["subject": .text(creation.subject), "key": .text(key)], children: children)
        )
    }

    package static func metadata(of group: JID) -> BinaryNode {
        iq("get", to: group, BinaryNode("query", ["request": "interactive"]))
    }

    /// All groups that the account is in.
    package static func participating(withMembers: Bool = true, withDescriptions: Bool = true) -> BinaryNode {
        var children: [BinaryNode] = []
        if withMembers { children.append(BinaryNode("participants")) }
        if withDescriptions { children.append(BinaryNode("description")) }
        return iq("get", to: service, BinaryNode("participating", children: children))
    }

    package static func metadata(of groups: [JID]) -> BinaryNode {
        iq("get", to: service, BinaryNode("query", children: groups.map { BinaryNode("group", ["jid": .jid($0)]) }))
    }

    package static func leave(_ groups: [JID]) -> BinaryNode {
        iq("set", to: service, BinaryNode("leave", children: groups.map { BinaryNode("group", ["id": .jid($0)]) }))
    }

    /// Leaves a community with all its groups.
    package static func leave(community: JID) -> BinaryNode {
        iq("set", to: service, BinaryNode("leave", children: [BinaryNode("community", ["id": .jid(community)])]))
    }

    // MARK: Members

    /// A change that the service makes to members; `modify` and `leave` are none of these.
    package enum MemberOrder: String, Sendable, CaseIterable {
        case add, remove, promote, demote
    }

    /// `linkedGroups`: out of all groups of the community at once.
    package static func change(
        _ order: MemberOrder,
        _ people: [GroupInvitee],
        in group: JID,
        linkedGroups: Bool = false
    ) -> BinaryNode {
        let isLinked = linkedGroups && order == .remove
        return iq(
            "set",
            to: group,
            BinaryNode(
                order.rawValue,
                ["linked_groups": isLinked ? "true" : nil],
                children: people.map(\.node)
            )
        )
    }

    // MARK: Settings

    package static func set(_ setting: GroupSetting, of group: JID) -> BinaryNode {
        iq("set", to: group, setting.node)
    }

    package static func setSubject(_ subject: String, of group: JID) -> BinaryNode {
        iq("set", to: group, BinaryNode("subject", text: subject))
    }

    /// `previous` is the identifier of the description that is replaced; a nil text removes it.
    package static func setDescription(_ text: String?, of group: JID, id: String, previous: String?) -> BinaryNode {
        var node = BinaryNode("description", ["id": .text(id), "prev": previous.map { .text($0) }])
        if let text, !text.isEmpty {
            node.content = .nodes([BinaryNode("body", text: text)])
        } else {
            node.attributes["delete"] = "true"
        }
        return iq("set", to: group, node)
    }

    /// The group is not new any more.
    package static func acknowledge(_ group: JID) -> BinaryNode {
        iq("set", to: group, BinaryNode("ack"))
    }
}
