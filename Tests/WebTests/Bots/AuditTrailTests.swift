import Database
import Foundation
import Testing
import WharfTestSupport

@testable import Accounts
@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct AuditTrailTests {
    /// What an administrator does with somebody else's bot.
    @Test func everythingDoneWithAnothersBotIsNoted() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            try await accounts.database.execute(
                """
                INSERT INTO team_members (member_id, owner_id, joined_at)
                SELECT member.id, owner.id, now() FROM accounts AS member, accounts AS owner
                WHERE member.email = 'bob@example.com' AND owner.email = 'ada@example.com'
                """
            )
            let id = try await ada.deploy("Helper")
            let own = try await ada.deploy("Own")
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            let member = try #require(try await accounts.account(withEmail: "bob@example.com")).id
            let calls: [(String, String, String, Int)] = [
                ("POST", "approve", #"{"months":1}"#, 200), ("POST", "stop", "{}", 200), ("POST", "start", "{}", 200),
                ("POST", "restart", "{}", 200), ("POST", "stop", "{}", 200),
                ("PATCH", "", #"{"name":"Helper","settings":{"readsMessages":true}}"#, 200),
                ("PUT", "schedule", #"{"zone":"UTC","start":60,"stop":120,"days":[0]}"#, 200),
                ("POST", "link", "{}", 202), ("POST", "stop-linking", "{}", 204),
                ("POST", "shares", #"{"email":"bob@example.com","mayOperate":true}"#, 204),
                ("DELETE", "shares/\(member)", "", 204), ("POST", "transfer", #"{"email":"eve@example.com"}"#, 204),
                ("DELETE", "transfer", "", 204),
                ("POST", "rules", #"{"match":"contains","pattern":"hello","answer":"Hi"}"#, 201),
            ]
            for (method, part, json, status) in calls {
                let path = "/api/bots/\(id)" + (part.isEmpty ? "" : "/\(part)")
                let reply = try await root.call(method, path, json: json, token: token)
                #expect(reply.status == status, "\(method) \(part): \(reply.text)")
            }
            // The owner's own doings are in the bot's history.
            let adas = try #require(try await ada.get("/deploy").csrf)
            let reply = try await ada.call("PATCH", "/api/bots/\(own)", json: #"{"name":"Renamed"}"#, token: adas)
            #expect(reply.status == 200)

            var filter = AuditFilter()
            filter.action = "bot."
            let lines = try await accounts.audit.lines(filter, limit: 100)
            #expect(
                Set(lines.map(\.action)) == [
                    "bot.approved", "bot.stopped", "bot.started", "bot.restarted", "bot.settings_changed",
                    "bot.schedule_changed", "bot.linking", "bot.linking_stopped", "bot.shared", "bot.unshared",
                    "bot.offered", "bot.offer_ended", "bot.commands_changed",
                ]
            )
            #expect(lines.allSatisfy { $0.actor == "root@example.com" && $0.subject?.contains(id) == true })
            let line = { (action: String) in lines.first { $0.action == action } }
            #expect(line("bot.settings_changed")?.before == #"{"reads_messages": "false"}"#)
            #expect(line("bot.settings_changed")?.after == #"{"reads_messages": "true"}"#)
            #expect(line("bot.schedule_changed")?.before == #"{"hours": "always"}"#)
            #expect(line("bot.schedule_changed")?.after == #"{"hours": "1:00–2:00, GMT"}"#)
            #expect(line("bot.shared")?.after?.contains(#""may_operate": "true""#) == true)
            #expect(line("bot.unshared")?.before?.contains("\(member)") == true)
            #expect(line("bot.offer_ended")?.before == #"{"email": "eve@example.com"}"#)
        }
    }

    @Test func plansAndMaintenanceAreNotedWithWhatWas() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            func call(_ method: String, _ path: String, _ json: String = "{}") async throws -> Int {
                try await root.call(method, "/api/admin/\(path)", json: json, token: token).status
            }
            #expect(try await call("POST", "plans", #"{"id":"tiny","name":"Tiny","bots":1}"#) == 201)
            #expect(try await call("PUT", "plans/tiny", #"{"name":"Tiny","bots":2,"version":1}"#) == 200)
            // What is refused leaves no line.
            #expect(try await call("PUT", "plans/tiny", #"{"name":"Tiny","bots":3,"version":1}"#) == 409)
            #expect(try await call("POST", "subscriptions", #"{"email":"root@example.com","plan":"none"}"#) == 404)
            #expect(try await call("POST", "subscriptions", #"{"email":"root@example.com","plan":"tiny"}"#) == 204)
            #expect(try await call("POST", "subscriptions", #"{"email":"root@example.com","plan":"plus"}"#) == 204)
            #expect(try await call("DELETE", "plans/tiny") == 204)
            #expect(try await call("PUT", "maintenance", #"{"on":true,"text":"Back at noon"}"#) == 200)
            #expect(try await call("PUT", "maintenance", #"{"on":false}"#) == 200)
            var filter = AuditFilter()
            filter.action = "plan."
            let plans = try await accounts.audit.lines(filter, limit: 100).reversed()
            #expect(
                plans.map(\.action) == ["plan.changed", "plan.changed", "plan.given", "plan.given", "plan.deleted"]
            )
            let lines = Array(plans)
            #expect(lines[0].before == "{}")
            #expect(lines[0].after?.contains(#""bots": "1""#) == true)
            #expect(lines[1].before == #"{"bots": "1"}"#)
            #expect(lines[1].after == #"{"bots": "2"}"#)
            #expect(lines[2].before == #"{"plan": "standard", "until": "none"}"#)
            #expect(lines[3].before == #"{"plan": "tiny", "until": "none"}"#)
            #expect(lines[3].after == #"{"plan": "plus", "until": "none"}"#)
            #expect(lines[4].before?.contains(#""name": "Tiny""#) == true)
            filter.action = "server."
            let switches = try await accounts.audit.lines(filter, limit: 10)
            #expect(switches.map(\.before) == [#"{"maintenance": "Back at noon"}"#, #"{"maintenance": "off"}"#])
            #expect(switches.map(\.after) == [#"{"maintenance": "off"}"#, #"{"maintenance": "Back at noon"}"#])
        }
    }
}
