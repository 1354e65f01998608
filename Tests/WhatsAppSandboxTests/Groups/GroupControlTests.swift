import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// Groups over the control API, and in the snapshot.
@Suite(.serialized) struct GroupControlTests {
    private let ada = GroupHarness.ada, ben = GroupHarness.ben

    @Test func phonesMakeAndChangeGroups() async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.call("POST", "/sandbox/phones", #"{"number":"15550002222","name":"Ben"}"#)
            let made = try await sandbox.call(
                "POST",
                "/sandbox/groups",
                #"{"subject":"Harbour","owner":"15550001111","members":["15550002222"],"addressing":"pn"}"#
            )
            #expect(made.status == 201)
            #expect(made.json["addressing"] as? String == "pn")
            let id = try #require(made.json["id"] as? String)
            let path = "/sandbox/groups/\(id)"
            #expect((try await sandbox.call("GET", "/sandbox/groups").json["groups"] as? [Any])?.count == 1)
            let settings = #"{"by":"15550001111","subject":"Quay","announcement":true,"description":"Boats"}"#
            let changed = try await sandbox.call("POST", path + "/settings", settings)
            #expect(changed.json["subject"] as? String == "Quay" && changed.json["announcement"] as? Bool == true)
            #expect(changed.json["description"] as? String == "Boats")
            let refused = try await sandbox.call("POST", path + "/settings", #"{"by":"15550002222","locked":true}"#)
            #expect(refused.status == 409 && refused.error == ["group-refused", nil])
            let promoted = try await sandbox.call(
                "POST",
                path + "/members",
                #"{"action":"promote","by":"15550001111","numbers":["15550002222"]}"#
            )
            let members = promoted.json["members"] as? [[String: Any]]
            #expect(members?.map { $0["role"] as? String } == ["superadmin", "admin"])
            let unknown = try await sandbox.call("POST", path + "/members", #"{"action":"eat","by":"15550001111"}"#)
            #expect(unknown.status == 400 && unknown.error == ["invalid", "action"])
            #expect(try await sandbox.call("DELETE", path).status == 200)
            #expect(try await sandbox.call("GET", path).error == ["unknown-group", nil])
        }
    }

    @Test func groupsAreInTheSnapshot() throws {
        var all = try GroupHarness()
        let group = try all.group(ben, children: [BinaryNode("announcement")])
        _ = try all.ask(ada, "set", group, BinaryNode("invite"))
        try all.harness.perform { try $0.letAdd(GroupHarness.cy, false) }
        var random = SystemRandomNumberGenerator()
        let snapshot = try Snapshot(all.harness.state, authority: .generate(using: &random), tls: .generate(at: Date()))
        var restored = ServerState(settings: all.harness.state.settings, now: all.harness.state.now)
        try Snapshot(decoding: try snapshot.encoded).restore(into: &restored)
        #expect(restored.group(group) == all.harness.state.group(group))
        #expect(restored.groups.codes == all.harness.state.groups.codes)
        #expect(restored.groups.formerCodes.count == 1 && restored.groups.refusing == [GroupHarness.cy])
    }

    @Test func tenThousandMembersAreBearable() throws {
        var all = try GroupHarness()
        var members: [String] = []
        for number in 0..<10_000 {
            let text = String(16_000_000_000 + number)
            members.append(text)
        }
        var group = all.harness.state.newGroup(subject: "Everybody", creator: ada, usesLIDs: true)
        for number in members { group.put(number, .member) }
        all.harness.state.groups.all[group.id] = group
        let start = ContinuousClock.now
        let answer = try all.ask(ada, "get", group.jid, BinaryNode("query"))
        #expect(answer.child("group")?.children("participant").count == 10_001)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
