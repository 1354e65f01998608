import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// Making groups, asking for them, and changing who is in them.
struct GroupRequestTests {
    private let ada = GroupHarness.ada, ben = GroupHarness.ben, cy = GroupHarness.cy

    @Test func creationTellsEverybody() throws {
        var all = try GroupHarness()
        let stranger = JID(user: "15559999999", server: .user)
        let create = BinaryNode(
            "create",
            ["subject": "Harbour", "key": "K1"],
            children: all.people(ben) + [BinaryNode("participant", ["jid": .jid(stranger)])]
                + [
                    BinaryNode("announcement"), BinaryNode("ephemeral", ["expiration": "86400"]),
                    BinaryNode("description", ["id": "D1"], children: [BinaryNode("body", text: "Boats")]),
                ]
        )
        let group = try #require(try all.ask(ada, "set", create).child("group"))
        #expect(group.attributes.text("subject") == "Harbour")
        #expect(group.attributes.text("addressing_mode") == "lid")
        #expect(group.attributes.text("size") == "2")
        #expect(group.attributes.jid("creator") == all.lid(ada))
        #expect(group.attributes.jid("creator_pn") == all.phone(ada))
        #expect(
            group.children("participant") == [
                BinaryNode(
                    "participant",
                    ["jid": .jid(all.lid(ada)), "phone_number": .jid(all.phone(ada)), "type": "superadmin"]
                ),
                BinaryNode("participant", ["jid": .jid(all.lid(ben)), "phone_number": .jid(all.phone(ben))]),
                BinaryNode("participant", ["jid": .jid(stranger), "error": "404"]),
            ]
        )
        #expect(group.child("announcement") != nil && group.child("description")?.child("body")?.text == "Boats")
        for notification in [try #require(all.notifications[ada]?.first), try #require(try all.take(ben).first)] {
            #expect(notification.attributes.text("type") == "w:gp2")
            #expect(notification.attributes.jid("participant") == all.lid(ada))
            #expect(notification.attributes.jid("participant_pn") == all.phone(ada))
            #expect(notification.attributes.text("notify") == "Ada")
            let created = notification.child("create")
            #expect(created?.attributes.text("key") == "K1")
            #expect(created?.child("group")?.attributes.text("id") == group.attributes.text("id"))
            #expect(created?.child("group")?.children("participant").count == 2)
        }
        #expect(try all.take(cy).isEmpty)
    }

    @Test func onlyMembersAskForAGroup() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let query = BinaryNode("query", ["request": "interactive"])
        #expect(try all.ask(ben, "get", group, query).child("group")?.children("participant").count == 2)
        let refused = try all.ask(cy, "get", group, query)
        #expect(all.error(refused) == 403)
        let unknown = try all.ask(cy, "get", JID(user: "1", server: .group), query)
        #expect(all.error(unknown) == 404)
        let asked = [group, JID(user: "1", server: .group)].map { BinaryNode("group", ["jid": .jid($0)]) }
        let batch = try all.ask(cy, "get", BinaryNode("query", children: asked)).child("groups")?.children
        #expect(batch?.map { $0.attributes.text("error") } == ["403", "404"])
    }

    @Test func participatingListsOwnGroups() throws {
        var all = try GroupHarness()
        _ = try all.group(ben)
        _ = try all.group(cy)
        let full = BinaryNode("participating", children: [BinaryNode("participants"), BinaryNode("description")])
        #expect(try all.ask(ada, "get", full).child("groups")?.children("group").count == 2)
        let bens = try all.ask(ben, "get", full).child("groups")?.children("group")
        #expect(bens?.count == 1 && bens?.first?.children("participant").count == 2)
        let bare = try all.ask(ben, "get", BinaryNode("participating")).child("groups")?.children("group")
        #expect(bare?.first?.children("participant").isEmpty == true)
    }

    @Test func membersComeAndGoWithVersions() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let added = try all.ask(ada, "set", group, BinaryNode("add", children: all.people(cy, ben)))
        #expect(added.child("add")?.children.map { $0.attributes.text("error") } == [nil, "409"])
        let add = try #require(try all.told(ben).first)
        #expect(add.tag == "add" && add.children.map { $0.attributes.jid("jid") } == [all.lid(cy)])
        let welcome = try #require(try all.told(cy).first)
        #expect(welcome.tag == "create" && welcome.child("group")?.children("participant").count == 3)
        #expect(add.attributes.text("v_id") == welcome.child("group")?.attributes.text("p_v_id"))
        _ = try all.ask(ada, "set", group, BinaryNode("promote", children: all.people(cy)))
        let promote = try #require(try all.told(ben).first)
        #expect(promote.tag == "promote")
        #expect(promote.attributes["prev_v_id"] == add.attributes["v_id"])
        try all.forget()
        let removed = try all.ask(cy, "set", group, BinaryNode("remove", children: all.people(ben, ada)))
        #expect(removed.child("remove")?.children.map { $0.attributes.text("error") } == [nil, "406"])
        let remove = try #require(try all.told(ben).first)
        #expect(remove.tag == "remove" && remove.attributes["prev_v_id"] == promote.attributes["v_id"])
        #expect(try all.told(ada).map(\.tag) == ["remove"])
        #expect(all.harness.state.group(group)?.members == [ada, cy])
    }

    @Test func membersWhoAreNoAdminsMayLittle() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        for child in [
            BinaryNode("remove", children: all.people(ada)), BinaryNode("promote", children: all.people(ben)),
            BinaryNode("announcement"), BinaryNode("invite"), BinaryNode("member_add_mode", text: "admin_add"),
        ] {
            let answer = try all.ask(ben, "set", group, child)
            #expect(all.error(answer) == 403, "\(child.tag)")
        }
        let isTaken = try all.ask(ben, "set", group, BinaryNode("subject", text: "Quay"))
        #expect(all.error(isTaken) == nil)
        _ = try all.ask(ada, "set", group, BinaryNode("locked"))
        let isLocked = try all.ask(ben, "set", group, BinaryNode("subject", text: "Pier"))
        #expect(all.error(isLocked) == 403)
        let isAdded = try all.ask(ben, "set", group, BinaryNode("add", children: all.people(cy)))
        #expect(all.error(isAdded) == nil)
        let outside = try all.ask(cy, "set", JID(user: "1", server: .group), BinaryNode("locked"))
        #expect(all.error(outside) == 404)
    }

    @Test func settingsAreToldAsTheyWereAsked() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        for child in [
            BinaryNode("announcement"), BinaryNode("not_announcement"), BinaryNode("locked"), BinaryNode("unlocked"),
            BinaryNode("ephemeral", ["expiration": "604800"]), BinaryNode("not_ephemeral"),
            BinaryNode("member_add_mode", text: "admin_add"), BinaryNode("member_link_mode", text: "all_member_link"),
            BinaryNode("membership_approval_mode", children: [BinaryNode("group_join", ["state": "on"])]),
            BinaryNode("no_frequently_forwarded"), BinaryNode("allow_admin_reports"),
            BinaryNode("allow_non_admin_sub_group_creation"), BinaryNode("group_history"),
        ] {
            #expect(try all.ask(ada, "set", group, child).attributes.text("type") == "result")
            #expect(try all.told(ben) == [child])
        }
        let settings = try #require(all.harness.state.group(group)?.settings)
        #expect(settings.adminsAdd && !settings.adminsLink && settings.joinApproval && settings.noFrequentlyForwarded)
        let unknown = try all.ask(ada, "set", group, BinaryNode("from_the_future"))
        #expect(all.error(unknown) == 400)
    }

    @Test func descriptionsBuildUponEachOther() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        func description(_ id: String, _ previous: String?, _ text: String?) -> BinaryNode {
            var node = BinaryNode("description", ["id": .text(id), "prev": previous.map { .text($0) }])
            if let text { node.content = .nodes([BinaryNode("body", text: text)]) }
            if text == nil { node.attributes["delete"] = "true" }
            return node
        }
        var answer = try all.ask(ada, "set", group, description("1", nil, "Boats"))
        #expect(all.error(answer) == nil)
        answer = try all.ask(ada, "set", group, description("2", nil, "Ships"))
        #expect(all.error(answer) == 409)
        answer = try all.ask(ada, "set", group, description("2", "1", "Ships"))
        #expect(all.error(answer) == nil)
        #expect(try all.told(ben).map { $0.child("body")?.text } == ["Boats", "Ships"])
        answer = try all.ask(ada, "set", group, description("3", "2", nil))
        #expect(all.error(answer) == nil)
        #expect(try all.told(ben).first?.child("delete") != nil)
        #expect(all.harness.state.group(group)?.description == nil)
    }

    @Test func lastAdminHasAnHeirAndTheLastMemberTakesTheGroupAlong() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let leave = BinaryNode("leave", children: [BinaryNode("group", ["id": .jid(group)])])
        let left = try all.ask(ada, "set", leave).child("leave")?.child("group")
        #expect(left?.attributes["id"] == .jid(group) && left?.attributes["error"] == nil)
        #expect(try all.told(ben).map(\.tag) == ["remove", "promote"])
        #expect(all.harness.state.group(group)?.isAdmin(ben) == true)
        #expect(try all.ask(ada, "set", leave).child("leave")?.child("group")?.attributes.text("error") == "403")
        _ = try all.ask(ben, "set", leave)
        #expect(all.harness.state.group(group) == nil)
        #expect(try all.ask(ada, "set", leave).child("leave")?.child("group")?.attributes.text("error") == "404")
    }

    @Test func absentDevicesAreToldWhenTheyComeBack() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let id = try #require(all.connections[ben])
        all.harness.perform { $0.closed(id) }
        _ = try all.ask(ada, "set", group, BinaryNode("locked"))
        let waiting = all.harness.state.phones[ben]?.devices[1]?.outbox.entries.map(\.node)
        #expect(waiting?.last?.child("locked") != nil)
    }

    @Test func groupsByPhoneNumberSayWhoIsBehindIt() throws {
        var all = try GroupHarness()
        all.harness.state.settings.groupsUseLIDs = false
        let group = try all.group(ben)
        let node = try all.ask(ben, "get", group, BinaryNode("query")).child("group")
        #expect(node?.attributes.text("addressing_mode") == "pn")
        #expect(
            node?.children("participant").last
                == BinaryNode("participant", ["jid": .jid(all.phone(ben)), "lid": .jid(all.lid(ben))])
        )
    }

    @Test func deletedAccountsLeaveTheirGroups() throws {
        var all = try GroupHarness()
        let group = try all.group(ben, cy)
        try all.harness.perform { try $0.deletePhone(GroupHarness.cy) }
        #expect(all.harness.state.group(group)?.members == [ada, ben])
        #expect(try all.told(ben).map(\.tag) == ["remove"])
    }

    @Test func strangeRequestsAreRefused() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        for (type, to, child) in [
            ("set", JID(user: "", server: .group), BinaryNode("create")),
            ("set", group, BinaryNode("add")), ("get", group, BinaryNode("from_the_future")),
            ("set", JID(user: "", server: .group), BinaryNode("leave")),
            ("set", group, BinaryNode("subject", text: String(repeating: "a", count: 5_000))),
            ("set", group, BinaryNode("description", ["id": ""])), ("set", group, BinaryNode("links")),
            ("get", JID(user: "", server: .group), BinaryNode("invite", ["code": ""])),
            ("set", group, BinaryNode("accept")), ("get", JID.server, BinaryNode("query")),
        ] as [(String, JID, BinaryNode)] {
            let answer = try all.ask(ada, type, to, child)
            #expect(all.error(answer) != nil, "\(child.tag)")
        }
    }
}
