import Database
import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Who may do what with rules, own commands, planned messages and presets, and how many there may be.
@Suite(.timeLimit(.minutes(5)))
struct AutomationRightsTests {
    private static let parts = ["rules", "custom", "schedules", "presets"]

    @Test(arguments: ["en", "id"])
    func thePagesAreWhole(language: String) async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            ada.set("language", language)
            let id = try await ada.deploy("Harbour <helper>")
            try await ada.fill(id)
            for part in Self.parts + ["custom?command=prices"] {
                let page = try await ada.get("/bots/\(id)/\(part)")
                #expect(page.status == 200, "\(part)")
                #expect(page.text.contains("Harbour &lt;helper&gt;"), "\(part)")
                #expect(AccessibilityLint(page.text).complaints == [], "\(part)")
                #expect(page.text.firstMatch(of: #/commands\.[a-z_]+\.[a-z]+/#) == nil, "\(part) lacks a text")
            }
            #expect(try await ada.get("/bots/\(id)/custom?command=nothing").status == 404)
            #expect(try await ada.get("/bots/\(id)/rules?rule=\(UUID())").status == 404)
        }
    }

    @Test func whoMayLookMayNotChangeAndStrangersSeeNothing() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            try await ada.fill(id)
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            let changes: [(path: String, form: [String: String])] = [
                ("rules", ["pattern": "a", "answer": "b"]), ("custom", ["name": "a", "text": "b"]),
                ("custom/preview", ["name": "a", "text": "b"]), ("custom/secret", ["command": "prices"]),
                ("schedules", ["chat": "15550002222", "text": "x", "kind": "again", "cron": "* * * * *"]),
                ("presets", ["preset": "shop"]),
            ]
            let calls: [(method: String, path: String, body: String?)] = [
                ("POST", "rules", #"{"pattern":"a","answer":"b"}"#), ("PUT", "custom-commands/a", #"{"text":"x"}"#),
                ("POST", "custom-commands/prices/secret", nil), ("DELETE", "custom-commands/prices", nil),
                ("POST", "scheduled-messages", #"{"chat":"15550002222","text":"x","cron":"* * * * *"}"#),
                ("POST", "preset", #"{"preset":"shop"}"#),
            ]
            for (status, mayLook) in [(404, false), (403, true)] {
                if mayLook { try await accounts.share(with: "bob@example.com") }
                for part in Self.parts {
                    let isOpen = ["rules", "schedules"].contains(part)
                    let expected = mayLook ? (isOpen ? 200 : 403) : 404
                    let page = try await bob.get("/bots/\(id)/\(part)")
                    #expect(page.status == expected, "\(part)")
                    #expect(
                        !page.text.contains("data-testid=\"rule-editor\"") && !page.text.contains("plan-editor"),
                        "\(part)"
                    )
                }
                for change in changes {
                    let reply = try await bob.post("/bots/\(id)/\(change.path)", change.form, from: "/deploy")
                    #expect(reply.status == status, "\(change.path)")
                }
                let token = try #require(try await bob.get("/deploy").csrf)
                for call in calls {
                    let reply = try await bob.call(
                        call.method,
                        "/api/bots/\(id)/\(call.path)",
                        json: call.body ?? "{}",
                        token: token
                    )
                    #expect(reply.status == status, "\(call.method) \(call.path)")
                }
                #expect(
                    try await bob.upload("/api/bots/\(id)/files?fileName=a", [1], "text/plain", token).status == status
                )
            }
            // Another bot's rule is nothing that one may reach through one's own.
            let rules = try #require(try await ada.get("/api/bots/\(id)/rules").json()["rules"] as? [[String: Any]])
            let foreign = try #require(rules.first?["id"] as? String)
            let own = try await bob.deploy("Bob's")
            let token = try #require(try await bob.get("/deploy").csrf)
            #expect(try await bob.call("DELETE", "/api/bots/\(own)/rules/\(foreign)", token: token).status == 404)
            #expect(try await ada.get("/api/bots/\(id)/rules").text.contains(foreign))
        }
    }

    @Test func thereAreOnlySoMany() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let bot = try #require(UUID(uuidString: id))
            try await accounts.database.execute(
                """
                INSERT INTO bot_rules (bot_id, id, match, pattern, answer, created_at)
                SELECT \(bot), gen_random_uuid(), 'exact', 'p' || n, 'a', now() FROM generate_series(1, 100) AS n
                """
            )
            let path = "/bots/\(id)/rules"
            let form = ["match": "exact", "pattern": "one more", "answer": "a"]
            let reply = try await ada.post(path, form, from: path)
            #expect(reply.status == 409)
            #expect(reply.text.contains("at most 100"))
            #expect(reply.text.contains("one more"))
            let token = try #require(try await ada.get(path).csrf)
            let preset = try await ada.call("POST", "/api/bots/\(id)/preset", json: #"{"preset":"shop"}"#, token: token)
            #expect(preset.errorCode == "automation.limit_reached")
            let settings = try await ada.get("/api/bots/\(id)/answers").json()["settings"] as? [String: Any]
            #expect(settings?["mode"] == nil)
        }
    }
}
