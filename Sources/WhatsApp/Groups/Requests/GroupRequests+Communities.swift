package import WhatsAppWire

/// A group's picture that is asked for.
package struct GroupPictureQuery: Sendable, Hashable {
    package var group: JID
    /// The small form, 96 pixels wide.
    package var isPreview: Bool
    package var parent: JID?
    /// The picture that is known already; the same one is not sent again.
    package var knownID: String?

    package init(group: JID, isPreview: Bool = true, parent: JID? = nil, knownID: String? = nil) {
        self.group = group
        self.isPreview = isPreview
        self.parent = parent
        self.knownID = knownID
    }
}

extension GroupRequests {
    package static func subgroups(of community: JID) -> BinaryNode {
        iq("get", to: community, BinaryNode("sub_groups"))
    }

    package static func members(ofAllGroupsIn community: JID) -> BinaryNode {
        iq("get", to: community, BinaryNode("linked_groups_participants"))
    }

    package static func link(_ groups: [JID], to community: JID) -> BinaryNode {
        let link = BinaryNode(
            "link",
            ["link_type": "sub_group"],
            children: groups.map { BinaryNode("group", ["jid": .jid($0)]) }
        )
        return iq("set", to: community, BinaryNode("links", children: [link]))
    }

    /// `removeOrphans`: members who are in no other group of the community leave it too.
    package static func unlink(_ groups: [JID], from community: JID, removeOrphans: Bool = false) -> BinaryNode {
        iq(
            "set",
            to: community,
            BinaryNode(
                "unlink",
                ["unlink_type": "sub_group"],
                children: groups.map {
                    BinaryNode(
                        "group",
                        ["jid": .jid($0), "remove_orphaned_members": removeOrphans ? "true" : nil]
                    )
                }
            )
        )
    }

    /// A look at a group of the community that the account need not be in.
    package static func linkedGroup(_ group: JID, of community: JID, as link: GroupLink = .subgroup) -> BinaryNode {
        iq("get", to: community, BinaryNode("query_linked", ["type": .text(link.rawValue), "jid": .jid(group)]))
    }

    package static func joinSubgroup(_ group: JID, of community: JID) -> BinaryNode {
        iq("set", to: community, BinaryNode("join_linked_group", ["jid": .jid(group), "type": "sub_group"]))
    }

    /// The community ends; its groups go on without it.
    package static func deactivate(_ community: JID) -> BinaryNode {
        iq("set", to: community, BinaryNode("delete_parent"))
    }

    package static func pictures(_ queries: [GroupPictureQuery]) -> BinaryNode {
        let children = queries.map {
            BinaryNode(
                "picture",
                [
                    "jid": .jid($0.group), "type": $0.isPreview ? "preview" : "image",
                    "parent_group_jid": $0.parent.map { .jid($0) }, "id": $0.knownID.map { .text($0) },
                ]
            )
        }
        return iq("get", to: service, BinaryNode("pictures", children: children))
    }
}
