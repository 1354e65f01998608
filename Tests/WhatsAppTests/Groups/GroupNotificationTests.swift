import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

/// What the service tells of groups, and what becomes of the group that is known.
struct GroupNotificationTests {
    private func notification(_ children: BinaryNode..., author: JID? = .lid(0)) -> BinaryNode {
        BinaryNode(
            "notification",
            [
                "from": .jid(.group), "type": "w:gp2", "id": "1", "t": "1700000300",
                "participant": author.map { .jid($0) }, "participant_pn": .jid(.phone(0)),
            ],
            children: children
        )
    }

    private func kinds(_ child: BinaryNode) throws -> [GroupEvent.Kind] {
        try #require(GroupNotification(notification(child))).events.map(\.kind)
    }

    private func participants(_ users: Int...) -> [BinaryNode] {
        users.map { BinaryNode("participant", ["jid": .jid(.lid($0)), "phone_number": .jid(.phone($0))]) }
    }

    @Test func authorAndTimeAreTold() throws {
        var node = notification(BinaryNode("locked"))
        node.attributes["offline"] = "2"
        let event = try #require(GroupNotification(node)?.events.first)
        #expect(
            event
                == GroupEvent(
                    group: .group,
                    author: .lid(0),
                    authorAlternate: .phone(0),
                    timestamp: Date(timeIntervalSince1970: 1_700_000_300),
                    isOffline: true,
                    kind: .setting(.locked(true))
                )
        )
    }

    @Test(arguments: [
        ("add", MemberChange.add), ("remove", .remove), ("leave", .leave), ("promote", .promote), ("demote", .demote),
        ("linked_group_promote", .promote), ("linked_group_demote", .demote), ("modify", .modify),
    ])
    func memberChanges(tag: String, change: MemberChange) throws {
        let child = BinaryNode(tag, ["reason": "invite"], children: participants(1, 2))
        #expect(try kinds(child) == [.members(change, [.fixture(1), .fixture(2)], reason: "invite")])
        #expect(try kinds(BinaryNode(tag)).isEmpty, "nobody is named")
    }

    @Test func whoRemovesThemselvesHasLeft() throws {
        #expect(
            try kinds(BinaryNode("remove", children: participants(0))) == [.members(.leave, [.fixture(0)], reason: nil)]
        )
        #expect(
            try kinds(BinaryNode("remove", children: participants(0, 1)))
                == [.members(.remove, [.fixture(0), .fixture(1)], reason: nil)]
        )
    }

    @Test(arguments: [
        BinaryNode("announcement"), BinaryNode("not_announcement"), BinaryNode("locked"), BinaryNode("unlocked"),
        BinaryNode("ephemeral", ["expiration": "86400"]), BinaryNode("not_ephemeral"),
        BinaryNode("member_add_mode", text: "admin_add"), BinaryNode("member_add_mode", text: "all_member_add"),
        BinaryNode("member_link_mode", text: "admin_link"),
        BinaryNode("member_share_group_history_mode", text: "all_member_share"),
        BinaryNode("membership_approval_mode", children: [BinaryNode("group_join", ["state": "on"])]),
        BinaryNode("no_frequently_forwarded"), BinaryNode("frequently_forwarded_ok"), BinaryNode("group_history"),
        BinaryNode("no_group_history"), BinaryNode("allow_admin_reports"), BinaryNode("not_allow_admin_reports"),
        BinaryNode("allow_non_admin_sub_group_creation"), BinaryNode("not_allow_non_admin_sub_group_creation"),
    ])
    func settingsAreToldAsTheyAreSet(node: BinaryNode) throws {
        let setting = try #require(GroupSetting(node))
        #expect(setting.node == node)
        #expect(try kinds(node) == [.setting(setting)])
        var group = GroupMetadata.fixture()
        let change = GroupNotification.Change(.setting(setting))
        let outcome = group.apply(change, by: nil)
        #expect(outcome == .changed)
    }

    @Test func everythingElseThatIsTold() throws {
        #expect(try kinds(BinaryNode("subject", ["subject": "New", "s_t": "1"])) == [.subject("New")])
        let description = BinaryNode("description", ["id": "D2"], children: [BinaryNode("body", text: "Text")])
        #expect(
            try kinds(description) == [
                .description(
                    GroupMetadata.Description(
                        id: "D2",
                        text: "Text",
                        author: .lid(0),
                        changedAt: Date(timeIntervalSince1970: 1_700_000_300)
                    )
                )
            ]
        )
        #expect(
            try kinds(BinaryNode("description", ["id": "D3"], children: [BinaryNode("delete")])) == [.description(nil)]
        )
        #expect(try kinds(BinaryNode("invite", ["code": "ABC"])) == [.inviteCode("ABC")])
        #expect(try kinds(BinaryNode("revoke", children: participants(1))) == [.invitationsRevoked([.lid(1)])])
        #expect(try kinds(BinaryNode("delete", ["reason": "x"])) == [.deleted(reason: "x")])
        #expect(try kinds(BinaryNode("growth_locked", ["type": "invite"])) == [.growthLocked(true)])
        #expect(try kinds(BinaryNode("unsuspended")) == [.suspended(false)])
        #expect(
            try kinds(BinaryNode("membership_approval_request", ["request_method": "invite_link"])) == [
                .joinRequested(
                    JoinRequest(
                        member: .fixture(0),
                        requestedAt: Date(timeIntervalSince1970: 1_700_000_300),
                        method: "invite_link"
                    )
                )
            ]
        )
        let asked = BinaryNode(
            "created_membership_requests",
            ["request_method": "non_admin_add"],
            children: [BinaryNode("requested_user", ["jid": .jid(.lid(5))])]
        )
        #expect(try kinds(asked) == [.joinRequestsCreated([GroupMember(jid: .lid(5))], method: "non_admin_add")])
        #expect(
            try kinds(BinaryNode("revoked_membership_requests", children: participants(5)))
                == [.joinRequestsRevoked([.lid(5)])]
        )
        let group = BinaryNode("group", ["jid": .jid(.community), "subject": "All"])
        #expect(
            try kinds(BinaryNode("link", ["link_type": "parent_group"], children: [group]))
                == [.linked(.parent, [GroupReference(jid: .community, subject: "All")])]
        )
        #expect(
            try kinds(
                BinaryNode("unlink", ["unlink_type": "sub_group", "unlink_reason": "delete_parent"], children: [group])
            ) == [.unlinked(.subgroup, [GroupReference(jid: .community, subject: "All")], reason: "delete_parent")]
        )
        let created = BinaryNode("create", ["type": "new", "reason": "invite"], children: [groupNode])
        #expect(try kinds(created) == [.created(try #require(GroupMetadata(groupNode)), reason: "invite")])
    }

    @Test func unknownChildrenAreLeftOut() throws {
        let node = notification(
            BinaryNode("missing_participant_identification"),
            BinaryNode("from_the_future"),
            BinaryNode("locked"),
            BinaryNode("create"),
            BinaryNode("link", ["link_type": "cousin"])
        )
        #expect(GroupNotification(node)?.changes.map(\.kind) == [.setting(.locked(true))])
        #expect(GroupNotification(BinaryNode("notification", ["from": .jid(.lid(1))])) == nil)
        #expect(GroupNotification(BinaryNode("notification")) == nil)
    }

    @Test func versionsMakeAChain() throws {
        var group = GroupMetadata.fixture()
        var outcome: GroupMetadata.Outcome
        let add = GroupNotification.Change(
            .members(.add, [.fixture(9)], reason: nil),
            previousVersion: "1",
            version: "2"
        )
        outcome = group.apply(add, by: nil)
        #expect(outcome == .changed)
        #expect(group.members.member(.lid(9)) != nil && group.size == 4 && group.membersVersion == "2")
        outcome = group.apply(add, by: nil)
        #expect(outcome == .unchanged, "told twice")
        #expect(group.size == 4)
        let later = GroupNotification.Change(
            .members(.remove, [.fixture(9)], reason: nil),
            previousVersion: "3",
            version: "4"
        )
        outcome = group.apply(later, by: nil)
        #expect(outcome == .outdated, "one in between was missed")
        let next = GroupNotification.Change(
            .members(.promote, [.fixture(9)], reason: nil),
            previousVersion: "2",
            version: "3"
        )
        outcome = group.apply(next, by: nil)
        #expect(outcome == .changed)
        #expect(group.members.member(.lid(9))?.role == .admin)
        outcome = group.apply(later, by: nil)
        #expect(outcome == .changed)
        #expect(group.members.member(.lid(9)) == nil && group.size == 3)
        outcome = group.apply(.init(.members(.modify, [.fixture(1)], reason: nil)), by: nil)
        #expect(outcome == .outdated)
    }

    @Test func settingsAndTextsAreFollowed() throws {
        var group = GroupMetadata.fixture()
        var outcome: GroupMetadata.Outcome
        outcome = group.apply(.init(.subject("Quay")), by: .fixture(1))
        #expect(outcome == .changed)
        #expect(group.subject == "Quay" && group.subjectAuthor == .lid(1))
        _ = group.apply(.init(.setting(.announcement(true))), by: nil)
        _ = group.apply(.init(.setting(.ephemeral(seconds: 86_400))), by: nil)
        _ = group.apply(.init(.linked(.parent, [GroupReference(jid: .community)])), by: nil)
        #expect(group.has(.announcement) && group.ephemeralExpiration == 86_400 && group.parent == .community)
        _ = group.apply(.init(.setting(.announcement(false))), by: nil)
        _ = group.apply(.init(.unlinked(.parent, [], reason: nil)), by: nil)
        #expect(!group.has(.announcement) && group.parent == nil)
        outcome = group.apply(.init(.inviteCode("X")), by: nil)
        #expect(outcome == .unchanged)
        outcome = group.apply(.init(.deleted(reason: nil)), by: nil)
        #expect(outcome == .outdated)
    }
}
