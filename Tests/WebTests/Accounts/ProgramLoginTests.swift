import Foundation
import Testing
import WharfTestSupport

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct ProgramLoginTests {
    @Test func aProgramIsListedAndLoggedOutAlone() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let login = #"{"email":"ada@example.com","password":"\#(TestPassword.good)"}"#
            var tokens: [String] = []
            for name in ["backup/1.0", "poller/2.0"] {
                let reply = try await site.post("/api/login", json: login, ["User-Agent": name])
                tokens.append(try reply.field("accessToken"))
            }
            let fields = tokens.map { ["Authorization": "Bearer \($0)"] }
            let page = try await ada.get("/settings/devices").text
            #expect(page.contains("backup/1.0") && page.contains("poller/2.0"))
            let listed = try await site.get("/api/account/programs", fields[1]).json()
            let programs = try #require(listed["programs"] as? [[String: Any]])
            let own = programs.filter { $0["isThis"] as? Bool == true }.map { $0["userAgent"] as? String }
            #expect(own == ["poller/2.0"])
            let id = try #require(programs.first { $0["userAgent"] as? String == "backup/1.0" }?["id"] as? String)
            let path = "/settings/devices/programs/\(id)/revoke"
            #expect(try await ada.post(path, [:], from: "/settings/devices").status == 303)
            #expect(try await site.get("/api/account", fields[0]).status == 401)
            #expect(try await site.get("/api/account", fields[1]).status == 200)
            // Nobody else's.
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            let other = try #require(programs.first { $0["userAgent"] as? String == "poller/2.0" }?["id"] as? String)
            let foreign = "/settings/devices/programs/\(other)/revoke"
            #expect(try await bob.post(foreign, [:], from: "/settings/devices").status == 404)
            let export = try await site.get("/api/account/export", fields[1])
            #expect(export.text.contains("poller/2.0"))
            let itself = "/api/account/programs/\(other)"
            #expect(try await site.request("DELETE", itself, fields[1]).status == 204)
            #expect(try await site.get("/api/account", fields[1]).status == 401)
        }
    }

    @Test func aLanguageIsChosenByACall() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try #require(try await ada.get("/deploy").csrf)
            let chosen = try await ada.call("PATCH", "/api/account", json: #"{"language":"id"}"#, token: token)
            #expect(chosen.status == 200)
            #expect(try await ada.get("/api/account").json()["name"] as? String == "Ada Lovelace")
            let bad = try await ada.call("PATCH", "/api/account", json: #"{"language":"xx"}"#, token: token)
            #expect(bad.status == 422)
            #expect(try await ada.call("PATCH", "/api/account", json: "{}", token: token).status == 422)
            let verify = try await site.post("/api/email/verify", json: #"{"token":"nothing"}"#)
            #expect(verify.status >= 400 && verify.status < 500)
        }
    }

    @Test func severalBotsAreChangedByOneCall() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            let json = #"{"name":"One","settings":{"rejectsCalls":true}}"#
            let made = try await root.call("POST", "/api/bots", json: json, token: token)
            #expect((try made.json()["settings"] as? [String: Any])?["rejectsCalls"] as? Bool == true)
            let id = try made.field("id")
            let odd = #"{"name":"Two","settings":{"flies":true}}"#
            #expect(try await root.call("POST", "/api/bots", json: odd, token: token).status == 422)
            let nobody = UUID().uuidString.lowercased()
            let bulk = #"{"action":"approve","months":1,"bots":["\#(id)","\#(nobody)"]}"#
            let reply = try await root.call("POST", "/api/bots/bulk", json: bulk, token: token)
            #expect(reply.status == 200)
            #expect(try reply.json()["done"] as? [String] == [id])
            let failed = try #require(try reply.json()["failed"] as? [[String: Any]])
            #expect(failed.map { $0["code"] as? String } == ["bot.unknown"])
            let csv = try await root.call("GET", "/api/admin/audit.csv?action=bot.", token: token)
            #expect(csv["Content-Type"] == "text/csv; charset=utf-8")
            #expect(csv.text.contains("bot.approved"))
        }
    }
}
