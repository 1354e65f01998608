import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

struct CommunityTests {
    private let ada = GroupHarness.ada, ben = GroupHarness.ben, cy = GroupHarness.cy

    private func subgroups(_ all: inout GroupHarness, _ community: JID) throws -> [BinaryNode] {
        try all.ask(ada, "get", community, BinaryNode("sub_groups")).child("sub_groups")?.children("group") ?? []
    }

    private func links(_ groups: JID...) -> BinaryNode {
        let link = BinaryNode(
            "link",
            ["link_type": "sub_group"],
            children: groups.map { BinaryNode("group", ["jid": .jid($0)]) }
        )
        return BinaryNode("links", children: [link])
    }

    @Test func communityHasAnnouncements() throws {
        var all = try GroupHarness()
        let community = try all.group(children: [BinaryNode("parent"), BinaryNode("create_general_chat")])
        let node = try all.ask(ada, "get", community, BinaryNode("query")).child("group")
        #expect(node?.child("parent") != nil)
        let groups = try subgroups(&all, community)
        #expect(groups.map { $0.child("default_sub_group") != nil }.sorted { $0 && !$1 } == [true, false])
        let news = try #require(groups.first { $0.child("default_sub_group") != nil }?.attributes.jid("jid"))
        let described = try all.ask(ada, "get", news, BinaryNode("query")).child("group")
        #expect(described?.child("linked_parent")?.attributes.jid("jid") == community)
        #expect(described?.child("announcement") != nil)
    }

    @Test func linkedGroupsBringTheirMembers() throws {
        var all = try GroupHarness()
        let community = try all.group(children: [BinaryNode("parent")])
        let group = try all.group(ben)
        let answer = try all.ask(ada, "set", community, links(group, JID(user: "1", server: .group)))
        #expect(
            answer.child("links")?.child("link")?.children.map { $0.attributes.text("error") } == [nil, "404"]
        )
        let told = try all.told(ben)
        #expect(told.first?.tag == "link" && told.first?.attributes.text("link_type") == "parent_group")
        #expect(told.filter { $0.tag == "create" }.count == 2, "the community and its announcements")
        let people = try all.ask(ada, "get", community, BinaryNode("linked_groups_participants"))
            .child("linked_groups_participants")?.children("participant")
        #expect(people?.map { $0.attributes.jid("jid") } == [all.lid(ada), all.lid(ben)])
        let again = try all.ask(ada, "set", community, links(group))
        #expect(again.child("links")?.child("link")?.child("group")?.attributes.text("error") == "409")
        let look = BinaryNode("query_linked", ["type": "sub_group", "jid": .jid(group)])
        let linked = try all.ask(ben, "get", community, look).child("linked_group")?.child("group")
        #expect(linked?.attributes.text("id") == group.user)
        try all.forget()
        let unlink = BinaryNode(
            "unlink",
            ["unlink_type": "sub_group"],
            children: [BinaryNode("group", ["jid": .jid(group), "remove_orphaned_members": "true"])]
        )
        _ = try all.ask(ada, "set", community, unlink)
        #expect(try all.told(ben).map(\.tag) == ["unlink", "unlink", "remove", "remove"])
        #expect(all.harness.state.group(group)?.parent == nil)
        #expect(all.harness.state.group(community)?.members == [ada])
    }

    @Test func membersOfTheCommunityJoinItsGroups() throws {
        var all = try GroupHarness()
        let community = try all.group(ben, children: [BinaryNode("parent")])
        let subgroup = try all.group(children: [BinaryNode("linked_parent", ["jid": .jid(community)])])
        let join = BinaryNode("join_linked_group", ["jid": .jid(subgroup), "type": "sub_group"])
        let joined = try all.ask(ben, "set", community, join).child("linked_group")?.child("group")
        #expect(joined?.attributes["jid"] == .jid(subgroup))
        let outside = try all.ask(cy, "set", community, join)
        #expect(all.error(outside) == 403)
        try all.forget()
        let leave = BinaryNode("leave", children: [BinaryNode("community", ["id": .jid(community)])])
        _ = try all.ask(ben, "set", leave)
        #expect(all.harness.state.groups.groups(of: ben).isEmpty)
    }

    @Test func removalGoesThroughAllGroups() throws {
        var all = try GroupHarness()
        let community = try all.group(ben, children: [BinaryNode("parent")])
        let subgroup = try all.group(ben, children: [BinaryNode("linked_parent", ["jid": .jid(community)])])
        _ = try all.ask(
            ada,
            "set",
            community,
            BinaryNode("remove", ["linked_groups": "true"], children: all.people(ben))
        )
        #expect(all.harness.state.group(subgroup)?.members == [ada])
        #expect(all.harness.state.groups.groups(of: ben).isEmpty)
    }

    @Test func deactivationLeavesTheGroups() throws {
        var all = try GroupHarness()
        let community = try all.group(ben, children: [BinaryNode("parent")])
        let subgroup = try all.group(ben, children: [BinaryNode("linked_parent", ["jid": .jid(community)])])
        let refused = try all.ask(ben, "set", community, BinaryNode("delete_parent"))
        #expect(all.error(refused) == 403)
        try all.forget()
        _ = try all.ask(ada, "set", community, BinaryNode("delete_parent"))
        #expect(all.harness.state.group(community) == nil)
        #expect(all.harness.state.groups.all.keys.sorted() == [subgroup.user])
        #expect(Set(try all.told(ben).map(\.tag)) == ["unlink", "delete"])
    }
}
