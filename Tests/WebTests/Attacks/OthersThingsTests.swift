import Accounts
import Foundation
import Testing

@testable import Web

/// What belongs to one account, asked for by another: it is not there, and it stays as it was.
@Suite(.timeLimit(.minutes(5)))
struct OthersThingsTests {
    @Test func anotherAccountsThingsAreNotThereForCalls() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let own = try #require(try await ada.get("/deploy").csrf)
            let bot = try await ada.deploy("Helper")
            let root = try await site.administrator(accounts)
            let approval = ["action": "approve", "months": "1", "bot": try await root.chosen(bot)]
            _ = try await root.post("/admin/bots", approval, from: "/admin/bots")
            let key = #"{"name":"Backup","scopes":["account:read"]}"#
            let invitation = #"{"email":"kim@example.com"}"#
            #expect(try await ada.call("POST", "/api/account/keys", json: key, token: own).status == 201)
            #expect(
                try await ada.call("POST", "/api/account/team/invitations", json: invitation, token: own).status == 202
            )
            var paths: [String] = []
            for (list, name, path) in [
                ("/api/account/keys", "keys", "/api/account/keys"),
                ("/api/account/team", "invitations", "/api/account/team/invitations"),
                ("/api/notices", "notices", "/api/notices"),
                // The last, because it is the one that ada is here with.
                ("/api/account/devices", "devices", "/api/account/devices"),
            ] {
                let things = try #require(try await ada.get(list).json()[name] as? [[String: Any]], "\(list)")
                paths.append("\(path)/\(try #require(things.first?["id"], "\(list)"))")
            }
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            let foreign = try #require(try await eve.get("/deploy").csrf)
            for path in paths {
                #expect(try await eve.call("DELETE", path, token: foreign).status == 404, "\(path)")
            }
            // Each is still there for its owner, and for the owner alone.
            for path in paths {
                #expect(try await ada.call("DELETE", path, token: own).status == 204, "\(path)")
            }
        }
    }

    @Test(arguments: ["/language", "/admin/bots"])
    func formsLeadBackToOurOwnPagesAlone(path: String) async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let bot = try await root.deploy("Helper")
            let approval = ["action": "approve", "months": "1", "bot": try await root.chosen(bot)]
            _ = try await root.post("/admin/bots", approval, from: "/admin/bots")
            for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nX-Evil: 1"] {
                var form = ["return": elsewhere, "back": elsewhere, "language": "en", "action": "renew", "months": "1"]
                form["bot"] = try await root.chosen(bot)
                let reply = try await root.post(path, form, from: "/admin/bots")
                let location = try #require(reply["Location"], "\(path) \(elsewhere)")
                #expect(location.hasPrefix("/") && !location.contains("evil"), "\(location)")
                #expect(reply["X-Evil"] == nil)
            }
        }
    }

    /// A spreadsheet would run what begins like a formula.
    @Test func exportsHoldNoFormulas() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            _ = try await PanelBrowser(site).logIn("=cmd|'/c calc'!A1@example.com", password: "x")
            let csv = try await root.get("/admin/audit.csv").text
            #expect(csv.contains("cmd|"))
            #expect(csv.firstMatch(of: #/(^|,)"[=+@-]/#.anchorsMatchLineEndings()) == nil)
        }
    }
}
