import Testing
import WhatsAppWire

@testable import WhatsApp

/// The wire forms of requests, and what is read of the answers.
struct GroupRequestsTests {
    private func answer(_ children: BinaryNode...) -> BinaryNode {
        BinaryNode("iq", ["type": "result", "id": "1", "from": .jid(.group)], children: children)
    }

    private func expect(
        _ request: BinaryNode,
        _ type: String,
        _ to: JID,
        _ child: BinaryNode,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let expected = BinaryNode("iq", ["to": .jid(to), "type": .text(type), "xmlns": "w:g2"], children: [child])
        #expect(request == expected, sourceLocation: location)
    }

    private let service = JID(user: "", server: .group)

    @Test func creation() throws {
        let creation = GroupCreation(
            subject: "Harbour",
            members: [
                GroupInvitee(jid: .lid(1), phone: .phone(1), privacyToken: [1, 2]), GroupInvitee(jid: .phone(2)),
            ],
            description: "Boats",
            settings: [.announcement(true), .adminsAdd(true)],
            place: .subgroup(of: .community)
        )
        expect(
            GroupRequests.create(creation, key: "K", descriptionID: "D"),
            "set",
            service,
            BinaryNode(
                "create",
                ["subject": "Harbour", "key": "K"],
                children: [
                    BinaryNode(
                        "participant",
                        ["jid": .jid(.lid(1)), "phone_number": .jid(.phone(1))],
                        children: [BinaryNode("privacy", bytes: [1, 2])]
                    ),
                    BinaryNode("participant", ["jid": .jid(.phone(2))]),
                    BinaryNode("description", ["id": "D"], children: [BinaryNode("body", text: "Boats")]),
                    BinaryNode("announcement"), BinaryNode("member_add_mode", text: "admin_add"),
                    BinaryNode("linked_parent", ["jid": .jid(.community)]),
                ]
            )
        )
        let community = GroupCreation(
            subject: "All",
            place: .community(subgroupsAskApproval: true),
            hasGeneralChat: true
        )
        let node = try #require(GroupRequests.create(community, key: "K", descriptionID: "D").child("create"))
        #expect(
            node.children == [
                BinaryNode("parent", ["default_membership_approval_mode": "request_required"]),
                BinaryNode("create_general_chat"),
            ]
        )
    }

    @Test func impossibleCreationsAreNotSent() {
        func check(_ creation: GroupCreation, _ field: String, _ location: SourceLocation = #_sourceLocation) {
            #expect(sourceLocation: location) {
                try creation.check()
            } throws: { error in
                guard case .invalid(field, _) = error as? RequestError else { return false }
                return true
            }
        }
        check(GroupCreation(subject: ""), "subject")
        check(GroupCreation(subject: String(repeating: "a", count: 101)), "subject")
        check(GroupCreation(subject: "A", description: String(repeating: "a", count: 2_049)), "description")
        check(GroupCreation(subject: "A", place: .subgroup(of: .lid(1))), "parent")
        check(GroupCreation(subject: "A", members: (0..<1_025).map { GroupInvitee(jid: .lid($0)) }), "members")
        #expect(throws: Never.self) {
            try GroupCreation(subject: String(repeating: "⚓️", count: 100)).check()
        }
    }

    @Test func questions() {
        expect(
            GroupRequests.metadata(of: .group),
            "get",
            .group,
            BinaryNode("query", ["request": "interactive"])
        )
        expect(
            GroupRequests.participating(),
            "get",
            service,
            BinaryNode("participating", children: [BinaryNode("participants"), BinaryNode("description")])
        )
        expect(
            GroupRequests.metadata(of: [.group, .community]),
            "get",
            service,
            BinaryNode(
                "query",
                children: [
                    BinaryNode("group", ["jid": .jid(.group)]), BinaryNode("group", ["jid": .jid(.community)]),
                ]
            )
        )
        expect(GroupRequests.inviteCode(of: .group), "get", .group, BinaryNode("invite"))
        expect(GroupRequests.preview(code: "ABC"), "get", service, BinaryNode("invite", ["code": "ABC"]))
        expect(GroupRequests.joinRequests(of: .group), "get", .group, BinaryNode("membership_approval_requests"))
        expect(GroupRequests.subgroups(of: .community), "get", .community, BinaryNode("sub_groups"))
        expect(
            GroupRequests.members(ofAllGroupsIn: .community),
            "get",
            .community,
            BinaryNode("linked_groups_participants")
        )
        expect(
            GroupRequests.linkedGroup(.group, of: .community),
            "get",
            .community,
            BinaryNode("query_linked", ["type": "sub_group", "jid": .jid(.group)])
        )
        expect(
            GroupRequests.pictures([GroupPictureQuery(group: .group, parent: .community, knownID: "7")]),
            "get",
            service,
            BinaryNode(
                "pictures",
                children: [
                    BinaryNode(
                        "picture",
                        ["jid": .jid(.group), "type": "preview", "parent_group_jid": .jid(.community), "id": "7"]
                    )
                ]
            )
        )
    }

    @Test func orders() {
        let people = [BinaryNode("participant", ["jid": .jid(.lid(1))])]
        for order in GroupRequests.MemberOrder.allCases {
            expect(
                GroupRequests.change(order, [GroupInvitee(jid: .lid(1))], in: .group),
                "set",
                .group,
                BinaryNode(order.rawValue, children: people)
            )
        }
        expect(
            GroupRequests.change(.remove, [GroupInvitee(jid: .lid(1))], in: .community, linkedGroups: true),
            "set",
            .community,
            BinaryNode("remove", ["linked_groups": "true"], children: people)
        )
        expect(
            GroupRequests.leave([.group]),
            "set",
            service,
            BinaryNode("leave", children: [BinaryNode("group", ["id": .jid(.group)])])
        )
        expect(
            GroupRequests.leave(community: .community),
            "set",
            service,
            BinaryNode("leave", children: [BinaryNode("community", ["id": .jid(.community)])])
        )
        expect(GroupRequests.setSubject("New", of: .group), "set", .group, BinaryNode("subject", text: "New"))
        expect(
            GroupRequests.setDescription("Text", of: .group, id: "2", previous: "1"),
            "set",
            .group,
            BinaryNode("description", ["id": "2", "prev": "1"], children: [BinaryNode("body", text: "Text")])
        )
        expect(
            GroupRequests.setDescription(nil, of: .group, id: "3", previous: "2"),
            "set",
            .group,
            BinaryNode("description", ["id": "3", "prev": "2", "delete": "true"])
        )
        expect(GroupRequests.revokeInviteCode(of: .group), "set", .group, BinaryNode("invite"))
        expect(GroupRequests.join(code: "ABC"), "set", service, BinaryNode("invite", ["code": "ABC"]))
        let invitation = GroupInvitation(group: .group, code: "ABC", expiration: 1_700_000_000, inviter: .lid(1))
        let attributes: BinaryNode.Attributes = ["code": "ABC", "expiration": "1700000000", "admin": .jid(.lid(1))]
        expect(GroupRequests.accept(invitation), "set", .group, BinaryNode("accept", attributes))
        expect(
            GroupRequests.preview(invitation),
            "get",
            .group,
            BinaryNode("query", children: [BinaryNode("add_request", attributes)])
        )
        expect(
            GroupRequests.withdrawInvitations(of: [.lid(1)], to: .group),
            "set",
            .group,
            BinaryNode("revoke", children: people)
        )
        expect(
            GroupRequests.decide(isApproved: true, [.lid(1)], in: .group),
            "set",
            .group,
            BinaryNode("membership_requests_action", children: [BinaryNode("approve", children: people)])
        )
        expect(
            GroupRequests.cancelJoinRequests(of: [.lid(1)], in: .group),
            "set",
            .group,
            BinaryNode("cancel_membership_requests", children: people)
        )
        expect(
            GroupRequests.link([.group], to: .community),
            "set",
            .community,
            BinaryNode(
                "links",
                children: [
                    BinaryNode(
                        "link",
                        ["link_type": "sub_group"],
                        children: [BinaryNode("group", ["jid": .jid(.group)])]
                    )
                ]
            )
        )
        expect(
            GroupRequests.unlink([.group], from: .community, removeOrphans: true),
            "set",
            .community,
            BinaryNode(
                "unlink",
                ["unlink_type": "sub_group"],
                children: [BinaryNode("group", ["jid": .jid(.group), "remove_orphaned_members": "true"])]
            )
        )
        expect(
            GroupRequests.joinSubgroup(.group, of: .community),
            "set",
            .community,
            BinaryNode("join_linked_group", ["jid": .jid(.group), "type": "sub_group"])
        )
        expect(GroupRequests.deactivate(.community), "set", .community, BinaryNode("delete_parent"))
    }

    @Test func answersAboutGroups() throws {
        #expect(try GroupAnswers.group(answer(groupNode)) == GroupMetadata(groupNode))
        #expect(try GroupAnswers.group(answer(BinaryNode("linked_group", children: [groupNode]))).jid == .group)
        #expect(GroupAnswers.refusedMembers(answer(groupNode)).map(\.error) == [403])
        let groups = BinaryNode(
            "groups",
            children: [
                groupNode, BinaryNode("group", ["id": "2", "error": "404"]),
                BinaryNode("group", ["id": "3", "truncated": "true"]), BinaryNode("group"),
            ]
        )
        #expect(
            try GroupAnswers.groups(answer(groups)) == [
                .found(try #require(GroupMetadata(groupNode))),
                .refused(JID(user: "2", server: .group), code: 404), .truncated(JID(user: "3", server: .group)),
            ]
        )
        #expect(throws: RequestError.malformed("groups")) { try GroupAnswers.groups(answer()) }
        #expect(throws: RequestError.malformed("group")) { try GroupAnswers.group(answer()) }
    }

    @Test func answersAboutMembers() throws {
        let node = BinaryNode(
            "add",
            children: [
                BinaryNode("participant", ["jid": .jid(.lid(1)), "error": "200"]),
                BinaryNode(
                    "participant",
                    ["jid": .jid(.lid(2)), "phone_number": .jid(.phone(2)), "error": "403"],
                    children: [BinaryNode("add_request", ["code": "XYZ", "expiration": "1700000000"])]
                ),
                BinaryNode("participant", ["error": "404"]),
            ]
        )
        #expect(
            try GroupAnswers.members(answer(node), of: .add) == [
                MemberResult(member: GroupMember(jid: .lid(1))),
                MemberResult(
                    member: .fixture(2),
                    error: 403,
                    invitation: MemberResult.Invitation(code: "XYZ", expiration: 1_700_000_000)
                ),
            ]
        )
        #expect(throws: RequestError.malformed("remove")) { try GroupAnswers.members(answer(node), of: .remove) }
        let left = BinaryNode("leave", children: [BinaryNode("group", ["id": .jid(.group), "error": "404"])])
        #expect(try GroupAnswers.left(answer(left)) == [GroupResult(group: .group, error: 404)])
        let requests = BinaryNode(
            "membership_approval_requests",
            children: [
                BinaryNode(
                    "membership_approval_request",
                    ["jid": .jid(.lid(4)), "request_time": "1700000000", "requestor": .jid(.lid(5))]
                )
            ]
        )
        let request = try #require(try GroupAnswers.joinRequests(answer(requests)).first)
        #expect(request.member.jid == .lid(4) && request.requestor == .lid(5) && request.requestedAt != nil)
        let action = BinaryNode(
            "membership_requests_action",
            children: [
                BinaryNode(
                    "approve",
                    children: [BinaryNode("participant", ["jid": .jid(.lid(4)), "error": "404"])]
                )
            ]
        )
        #expect(try GroupAnswers.decided(answer(action)).map(\.error) == [404])
    }

    @Test func answersAboutInvitesAndCommunities() throws {
        #expect(try GroupAnswers.inviteCode(answer(BinaryNode("invite", ["code": "ABC"]))) == "ABC")
        #expect(throws: RequestError.malformed("invite")) {
            try GroupAnswers.inviteCode(answer(BinaryNode("invite")))
        }
        #expect(
            try GroupAnswers.joined(answer(BinaryNode("group", ["jid": .jid(.group)]))) == .joined(.group)
        )
        #expect(
            try GroupAnswers.joined(answer(BinaryNode("membership_approval_request", ["jid": .jid(.group)])))
                == .requested(.group)
        )
        #expect(throws: RequestError.malformed("group")) { try GroupAnswers.joined(answer()) }
        let subgroups = BinaryNode(
            "sub_groups",
            children: [
                BinaryNode("group", ["id": "5", "subject": "News"], children: [BinaryNode("default_sub_group")])
            ]
        )
        #expect(
            try GroupAnswers.subgroups(answer(subgroups))
                == [GroupReference(jid: JID(user: "5", server: .group), subject: "News", isDefault: true)]
        )
        let pictures = BinaryNode(
            "pictures",
            children: [
                BinaryNode("picture", ["jid": .jid(.group), "id": "9", "url": "https://a", "direct_path": "/v"])
            ]
        )
        #expect(
            try GroupAnswers.pictures(answer(pictures))
                == [GroupPicture(group: .group, id: "9", url: "https://a", directPath: "/v")]
        )
    }
}
