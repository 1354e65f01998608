import Accounts
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct BotAPITests {
    private func token(_ browser: PanelBrowser) async throws -> String {
        try #require(try await browser.get("/deploy").csrf)
    }

    @Test func theOlderAPIWalksABotThroughItsLife() async throws {
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try await token(root)
            let health = try await site.get("/api/health")
            #expect(try health.field("status") == "ok")
            #expect(try health.field("server") == "main")
            let made = try await root.call(
                "POST",
                "/api/instances",
                json: #"{"name":"Helper","phone_number":"+1 555 000 1111"}"#,
                token: token
            )
            #expect(made.status == 201)
            #expect(try made.field("status") == "new")
            #expect(try made.field("phone_number") == "15550001111")
            #expect(try made.field("server_name") == "main")
            let id = try made.field("id")
            let path = "/api/instances/\(id)"

            for bad in ["{}", #"{"duration_months":4}"#, #"{"duration_months":"1"}"#, #"{"duration_months":1.5}"#] {
                #expect(try await root.call("POST", path + "/approve", json: bad, token: token).status == 422, "\(bad)")
            }
            #expect(
                try await root.call("POST", path + "/renew", json: #"{"duration_months":1}"#, token: token).status
                    == 409
            )
            let approved = try await root.call(
                "POST",
                path + "/approve",
                json: #"{"duration_months":2}"#,
                token: token
            )
            #expect(approved.status == 200)
            let grant = try approved.json()
            #expect(grant["instance_id"] as? String == id)
            #expect(grant["duration_months"] as? Int == 2)
            #expect(grant["expires_at"] is String)
            #expect(grant["port"] is NSNull)

            let info = try await root.call("GET", "/api/server-info", token: token).json()
            #expect(info["server_name"] as? String == "main")
            #expect(info["total_bots"] as? Int == 1)
            #expect(info["approved_bots"] as? Int == 1)
            #expect(info["new_bots"] as? Int == 0)
            let listed = try await root.call("GET", "/api/instances?status=approved", token: token)
            #expect(listed.text.contains(id))
            #expect(try await root.call("GET", "/api/instances?status=expired", token: token).text == "[]")
            #expect(try await root.call("GET", "/api/instances?status=odd", token: token).status == 422)
            #expect(try await root.call("POST", path + "/stop", token: token).status == 200)
            let renewed = try await root.call("POST", path + "/renew", json: #"{"duration_months":12}"#, token: token)
            #expect(renewed.status == 200)
            #expect(try await root.call("DELETE", path, token: token).status == 200)
            #expect(try await root.call("GET", path, token: token).status == 404)
        }
    }

    @Test func usersDoNotApprove() async throws {
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try await token(ada)
            let made = try await ada.call("POST", "/api/bots", json: #"{"name":"Helper"}"#, token: token)
            #expect(made.status == 201)
            let id = try made.field("id")
            let reply = try await ada.call(
                "POST",
                "/api/instances/\(id)/approve",
                json: #"{"duration_months":12}"#,
                token: token
            )
            #expect(reply.status == 403)
            #expect(try await ada.call("POST", "/api/bots/\(id)/start", token: token).status == 409)
            #expect(try await ada.call("POST", "/api/sandbox/clock", json: #"{"days":1}"#, token: token).status == 403)
        }
    }

    @Test func theEnvironmentHidesItsSecrets() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try await token(ada)
            let body = #"{"name":"Helper","environment":{"MODE":"private","MINE":{"value":"hush","secret":true}}}"#
            let made = try await ada.call("POST", "/api/bots", json: body, token: token)
            let path = "/api/bots/\(try made.field("id"))/environment"
            let shown = try await ada.call("GET", path, token: token)
            #expect(shown.text.contains("MINE"))
            #expect(!shown.text.contains("hush"))
            let change = #"{"version":1,"variables":{"MINE":{"secret":true},"LANGUAGE":"id"}}"#
            let changed = try await ada.call("PUT", path, json: change, token: token)
            #expect(changed.text == #"{"added":["LANGUAGE"],"changed":[],"removed":["MODE"]}"#)
            #expect(try await ada.call("PUT", path, json: change, token: token).errorCode == "bot.changed_meanwhile")
            let bad = #"{"variables":{"lower":"x"}}"#
            #expect(try await ada.call("PUT", path, json: bad, token: token).errorCode == "bot.invalid_environment")
            let page = try await ada.get(path.replacing("/api", with: ""))
            #expect(!page.text.contains("hush"))
        }
    }

    @Test func logsAreReadByTheirNumbers() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try await token(ada)
            let id = try await ada.deploy("Helper")
            let path = "/api/bots/\(id)/logs"
            let lines = try #require(try await ada.call("GET", path, token: token).json()["lines"] as? [[String: Any]])
            let number = try #require(lines.last?["number"] as? Int)
            let none = try await ada.call("GET", "\(path)?after=\(number)", token: token)
            #expect(none.text == #"{"lines":[]}"#)
            #expect(try await ada.call("GET", "\(path)?search=created", token: token).text.contains("has been created"))
            #expect(try await ada.call("GET", "\(path)?level=error", token: token).text == #"{"lines":[]}"#)
        }
    }
}

extension WebReply {
    func field(_ name: String) throws -> String {
        try #require(try json()[name] as? String)
    }
}
