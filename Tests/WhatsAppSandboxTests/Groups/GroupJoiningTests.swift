import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// Invite links, personal invitations and approval.
struct GroupJoiningTests {
    private let ada = GroupHarness.ada, ben = GroupHarness.ben, cy = GroupHarness.cy

    private func code(_ all: inout GroupHarness, _ group: JID) throws -> BinaryNode.Value {
        try #require(try all.ask(ada, "get", group, BinaryNode("invite")).child("invite")?.attributes["code"])
    }

    @Test func linksLetIn() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let invite = BinaryNode("invite", ["code": try code(&all, group)])
        let preview = try all.ask(cy, "get", invite).child("group")
        #expect(preview?.attributes.text("size") == "2" && preview?.children("participant").count == 1)
        let joined = try all.ask(cy, "set", invite)
        #expect(joined.child("group")?.attributes["jid"] == .jid(group))
        let add = try #require(try all.told(ben).first)
        #expect(add.tag == "add" && add.attributes.text("reason") == "invite")
        let again = try all.ask(cy, "set", invite)
        #expect(all.error(again) == 304)
        _ = try all.ask(ada, "set", group, BinaryNode("remove", children: all.people(cy)))
        let removed = try all.ask(cy, "set", invite)
        #expect(all.error(removed) == 405, "an admin has removed them")
    }

    @Test func replacedLinksAreDead() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let old = BinaryNode("invite", ["code": try code(&all, group)])
        let new = try #require(try all.ask(ada, "set", group, BinaryNode("invite")).child("invite"))
        #expect(new != old)
        #expect(try all.told(ben) == [new])
        for type in ["get", "set"] {
            let gone = try all.ask(cy, type, old)
            #expect(all.error(gone) == 410)
            let unknown = try all.ask(cy, type, BinaryNode("invite", ["code": "AAAAAAAAAAAAAAAAAAAAAA"]))
            #expect(all.error(unknown) == 404)
        }
        #expect(try all.ask(cy, "set", new).child("group") != nil)
    }

    @Test func adminsDecideWhereTheyWantTo() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        let invite = BinaryNode("invite", ["code": try code(&all, group)])
        let approval = BinaryNode("membership_approval_mode", children: [BinaryNode("group_join", ["state": "on"])])
        _ = try all.ask(ada, "set", group, approval)
        try all.forget()
        let asked = try all.ask(cy, "set", invite)
        #expect(asked.child("membership_approval_request")?.attributes["jid"] == .jid(group))
        #expect(try all.told(ada).map(\.tag) == ["membership_approval_request"])
        #expect(try all.told(ben).isEmpty, "no admin")
        let list = try all.ask(ada, "get", group, BinaryNode("membership_approval_requests"))
        let request = list.child("membership_approval_requests")?.child("membership_approval_request")
        #expect(request?.attributes.jid("jid") == all.lid(cy))
        #expect(request?.attributes.text("request_method") == "invite_link")
        func decide(_ tag: String) -> BinaryNode {
            BinaryNode("membership_requests_action", children: [BinaryNode(tag, children: all.people(cy))])
        }
        let refused = try all.ask(ben, "set", group, decide("approve"))
        #expect(all.error(refused) == 403)
        _ = try all.ask(ada, "set", group, decide("reject"))
        #expect(try all.told(cy).map(\.tag) == ["revoked_membership_requests"])
        let nobody = try all.ask(ada, "set", group, decide("approve"))
        let person = nobody.child("membership_requests_action")?.child("approve")?.child("participant")
        #expect(person?.attributes.text("error") == "404")
        _ = try all.ask(cy, "set", invite)
        _ = try all.ask(cy, "set", group, BinaryNode("cancel_membership_requests", children: all.people(cy)))
        #expect(all.harness.state.group(group)?.joinRequests.isEmpty == true)
        _ = try all.ask(cy, "set", invite)
        _ = try all.ask(ada, "set", group, decide("approve"))
        #expect(all.harness.state.group(group)?.has(cy) == true)
    }

    @Test func whoCannotBeAddedIsInvited() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        try all.harness.perform { try $0.letAdd(GroupHarness.cy, false) }
        let answer = try all.ask(ada, "set", group, BinaryNode("add", children: all.people(cy)))
        let refused = try #require(answer.child("add")?.child("participant"))
        #expect(refused.attributes.text("error") == "403")
        let offer = try #require(refused.child("add_request"))
        var attributes = offer.attributes
        attributes["admin"] = .jid(all.lid(ada))
        let request = BinaryNode("add_request", attributes)
        let preview = try all.ask(cy, "get", group, BinaryNode("query", children: [request]))
        #expect(preview.child("group")?.attributes.text("subject") == "Harbour")
        let stranger = try all.ask(ben, "get", group, BinaryNode("query", children: [request]))
        #expect(all.error(stranger) == 404, "it is not for Ben")
        attributes["admin"] = .jid(all.lid(ben))
        let wrong = try all.ask(cy, "set", group, BinaryNode("accept", attributes))
        #expect(all.error(wrong) == 406)
        attributes["admin"] = .jid(all.lid(ada))
        let accepted = try all.ask(cy, "set", group, BinaryNode("accept", attributes))
        #expect(accepted.attributes.text("type") == "result")
        #expect(all.harness.state.group(group)?.has(cy) == true)
    }

    @Test func invitationsEnd() throws {
        var all = try GroupHarness()
        let group = try all.group(ben)
        try all.harness.perform { try $0.letAdd(GroupHarness.cy, false) }
        func invite() throws -> BinaryNode.Attributes {
            let answer = try all.ask(ada, "set", group, BinaryNode("add", children: all.people(cy)))
            var attributes = try #require(answer.child("add")?.child("participant")?.child("add_request")?.attributes)
            attributes["admin"] = .jid(all.lid(ada))
            return attributes
        }
        let first = try invite()
        all.harness.advance(4 * 86_400)
        let late = try all.ask(cy, "set", group, BinaryNode("accept", first))
        #expect(all.error(late) == 410)
        let second = try invite()
        _ = try all.ask(ada, "set", group, BinaryNode("revoke", children: all.people(cy)))
        let withdrawn = try all.ask(cy, "set", group, BinaryNode("accept", second))
        #expect(all.error(withdrawn) == 404)
    }
}
