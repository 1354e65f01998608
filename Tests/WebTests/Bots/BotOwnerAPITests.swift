import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Approval, hours, handing over, plans and the machine, by calls.
@Suite(.timeLimit(.minutes(5)))
struct BotOwnerAPITests {
    @Test func everythingOfABotIsDoneByCalls() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            let root = try await site.administrator(accounts)
            let tokens = (
                ada: try #require(try await ada.get("/deploy").csrf),
                bob: try #require(try await bob.get("/deploy").csrf),
                root: try #require(try await root.get("/deploy").csrf)
            )
            let id = try await ada.deploy("Helper")
            let path = "/api/bots/\(id)"
            func own(_ method: String, _ part: String, _ json: String = "{}") async throws -> WebReply {
                try await ada.call(method, path + part, json: json, token: tokens.ada)
            }
            #expect(try await own("POST", "/approve", #"{"months":1}"#).status == 403)
            let grant = #"{"months":3,"version":1}"#
            #expect(try await root.call("POST", path + "/approve", json: grant, token: tokens.root).status == 200)
            #expect(
                try await root.call("POST", path + "/renew", json: grant, token: tokens.root).errorCode
                    == "bot.changed_meanwhile"
            )
            let hours = #"{"zone":"Asia/Jakarta","start":480,"stop":1200,"days":[0,1,6]}"#
            let scheduled = try await own("PUT", "/schedule", hours)
            #expect((try scheduled.json()["schedule"] as? [String: Any])?["days"] as? [Int] == [0, 1, 6])
            for bad in [
                #"{"zone":"Nowhere","start":480,"stop":1200,"days":[0]}"#,
                #"{"zone":"UTC","start":480,"stop":480,"days":[0]}"#,
                #"{"zone":"UTC","start":480,"stop":1200,"days":[7]}"#, #"{"zone":"UTC","start":480,"stop":1200}"#,
            ] {
                #expect(try await own("PUT", "/schedule", bad).status == 422, "\(bad)")
            }
            #expect(try await own("DELETE", "/schedule").status == 200)
            #expect(try await own("POST", "/renewal", #"{"months":12}"#).status == 204)
            #expect(try await own("POST", "/stop-linking").status == 204)
            #expect(
                try await own("POST", "/shares", #"{"email":"bob@example.com"}"#).errorCode == "bot.not_in_team"
            )
            #expect(try await own("GET", "/shares").text == #"{"shares":[]}"#)
            let notices = try await ada.call("GET", "/api/notices", token: tokens.ada)
            let notice = try #require((try notices.json()["notices"] as? [[String: Any]])?.first?["id"] as? Int)
            #expect(try await ada.call("DELETE", "/api/notices/\(notice)", token: tokens.ada).status == 204)
            #expect(try await ada.call("GET", "/api/notices", token: tokens.ada).text == #"{"notices":[]}"#)
            let usage = try await ada.call("GET", "/api/usage?span=hour", token: tokens.ada).json()
            #expect(usage["span"] as? String == "hour")
            let use = try await ada.call("GET", "/api/plan", token: tokens.ada).json()
            #expect(use["bots"] as? Int == 1)
            #expect(try await own("POST", "/transfer", #"{"email":"bob@example.com"}"#).status == 204)
            let offers = try await bob.call("GET", "/api/offers", token: tokens.bob)
            #expect(offers.text.contains(id))
            #expect(try await bob.call("POST", path + "/accept", token: tokens.bob).status == 204)
            #expect(try await own("GET", "").status == 404)
        }
    }

    @Test func theServerIsLookedAfterByCalls() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            func call(_ method: String, _ path: String, _ json: String = "{}") async throws -> WebReply {
                try await root.call(method, "/api/admin/\(path)", json: json, token: token)
            }
            let made = try await call("POST", "plans", #"{"id":"tiny","name":"Tiny","bots":1,"months":2}"#)
            #expect(made.status == 201)
            #expect(try await call("POST", "plans", #"{"id":"Tiny","name":"Tiny"}"#).errorCode == "plan.invalid")
            #expect(try await call("GET", "plans").text.contains("tiny"))
            let changed = try await call("PUT", "plans/tiny", #"{"name":"Small","bots":2,"version":1}"#)
            #expect(try changed.json()["bots"] as? Int == 2)
            #expect(
                try await call("PUT", "plans/tiny", #"{"name":"x","version":1}"#).errorCode == "bot.changed_meanwhile"
            )
            let given = #"{"email":"root@example.com","plan":"tiny","months":1}"#
            #expect(try await call("POST", "subscriptions", given).status == 204)
            #expect(try await call("DELETE", "plans/tiny").errorCode == "plan.in_use")
            #expect(try await call("PUT", "maintenance", #"{"on":true,"text":"Back at noon"}"#).status == 200)
            #expect(try await call("GET", "maintenance").text == #"{"on":true,"text":"Back at noon"}"#)
            #expect(try await call("PUT", "maintenance", #"{"on":false}"#).status == 200)
            _ = try await root.deploy("Helper")
            #expect(try await call("GET", "deployments").text.contains("created"))
            #expect(try await call("GET", "logs?search=created").text.contains("has been created"))
            #expect(try await call("GET", "system").json()["host"] is [String: Any])
        }
    }
}
