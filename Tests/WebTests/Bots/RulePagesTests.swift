import Bots
import Database
import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Rules and the files that they send, as pages and as API.
@Suite(.timeLimit(.minutes(5)))
struct RulePagesTests {
    private static let png: [UInt8] = [
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
        6,
        0, 0, 0, 0, 0, 0, 0,
    ]

    @Test func rulesAreMadeTriedAndRemoved() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/rules"
            let form = [
                "match": "contains", "pattern": "price", "answer": "It is <cheap>, {name}.", "scope": "all",
                "priority": "5", "isOn": "on",
            ]
            for (name, value) in [
                ("pattern", ""), ("answer", ""), ("priority", "9999"), ("match", "odd"), ("file", UUID().uuidString),
                ("file", "x"),
            ] {
                let reply = try await ada.post(path, form.merging([name: value]) { $1 }, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
                #expect(AccessibilityLint(reply.text).complaints == [], "\(name)")
            }
            let bomb = ["match": "regex", "pattern": #"(a)\1"#]
            let refused = try await ada.post(path, form.merging(bomb) { $1 }, from: path)
            #expect(refused.status == 422)
            #expect(refused.text.contains("id=\"line-pattern-error\""))
            #expect(try await ada.post(path, form, from: path).status == 303)
            #expect(
                try await ada.post(path, form.merging(["answer": "Second", "priority": "1"]) { $1 }, from: path).status
                    == 303
            )
            let tried = try await ada.post("\(path)/test", ["text": "what PRICE?", "where": "group"], from: path)
            #expect(tried.status == 200)
            #expect(tried.text.contains("It is &lt;cheap&gt;, Ada."))
            #expect(tried.text.contains("fits, another is first"))
            #expect(AccessibilityLint(tried.text).complaints == [])
            #expect(try await ada.post("\(path)/test", ["text": "hello"], from: path).text.contains("No rule answers."))
            #expect(
                try await ada.post("\(path)/test", ["text": "!ping price"], from: path).text.contains(
                    "the command ping"
                )
            )
            let rules = try #require(try await ada.get("/api\(path)").json()["rules"] as? [[String: Any]])
            #expect(rules.map { $0["priority"] as? Int } == [5, 1])
            let first = try #require(rules.first?["id"] as? String)
            let editor = try await ada.get("\(path)?rule=\(first)")
            #expect(editor.text.contains("value=\"price\""))
            #expect(
                try await ada.post(path, form.merging(["rule": first, "pattern": "cost"]) { $1 }, from: path).status
                    == 303
            )
            #expect(try await ada.post("\(path)/switch", ["rule": first], from: path).status == 303)
            let token = try #require(try await ada.get(path).csrf)
            let trial = try await ada.call(
                "POST",
                "/api\(path)/test",
                json: #"{"text":"the cost","draft":{"pattern":"cost","answer":"Draft {name}"}}"#,
                token: token
            ).json()
            #expect(trial["answer"] as? String == "Draft Ada")
            #expect((trial["rules"] as? [String: String])?[first] == "off")
            let changed = try await ada.call("PATCH", "/api\(path)/\(first)", json: #"{"on":true}"#, token: token)
            #expect(try changed.json()["on"] as? Bool == true)
            for (body, field) in [
                (#"{"match":"odd"}"#, "match"), (#"{"priority":1.5}"#, "priority"), (#"{"priority":5000}"#, "priority"),
                (#"{"pattern":""}"#, "pattern"), (#"{"file":"x"}"#, "file"), (#"{"odd":1}"#, "odd"),
            ] {
                let refused = try await ada.call("PATCH", "/api\(path)/\(first)", json: body, token: token)
                #expect(refused.status == 422, "\(body)")
                #expect(refused.errorField == field, "\(body)")
            }
            #expect(try await ada.call("DELETE", "/api\(path)/\(first)", token: token).status == 204)
            #expect(try await ada.call("DELETE", "/api\(path)/\(first)", token: token).status == 404)
            #expect(try await ada.get("/bots/\(id)/history").text.contains("a rule removed"))
            ada.set("language", "id")
            #expect(try await ada.get("/bots/\(id)/history").text.contains("aturan dihapus"))
        }
    }

    @Test func filesAreKeptForRules() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let api = "/api/bots/\(id)/files"
            let token = try #require(try await ada.get("/bots/\(id)/rules").csrf)
            let made = try await ada.upload("\(api)?fileName=menu%20card.png", Self.png, "image/png", token)
            #expect(made.status == 201)
            #expect(try made.json()["kind"] as? String == "image")
            #expect(try made.json()["name"] as? String == "menu card.png")
            let file = try #require(try made.json()["id"] as? String)
            for (query, bytes, type, field) in [
                ("kind=image", Array("<svg/>".utf8), "image/svg+xml", "kind"),
                ("kind=sticker", Self.png, "image/png", "kind"),
                ("kind=odd", Self.png, "image/png", "kind"), ("kind=voice", Self.png, "audio/ogg", "kind"),
                ("fileName=a", [], "text/plain", "content"), ("fileName=a%0Ab", [1], "text/plain", "fileName"),
            ] {
                let refused = try await ada.upload("\(api)?\(query)", bytes, type, token)
                #expect(refused.status == 422, "\(query)")
                #expect(refused.errorField == field, "\(query)")
            }
            let large = try await ada.upload(
                "\(api)?fileName=a",
                [UInt8](repeating: 1, count: BotFile.limit + 1),
                "text/plain",
                token
            )
            #expect(large.status == 413)
            #expect(try await ada.upload("\(api)?fileName=a", [1], "text/plain", "wrong").status == 403)
            let rule = try await ada.call(
                "POST",
                "/api/bots/\(id)/rules",
                json: #"{"pattern":"menu","file":"\#(file)"}"#,
                token: token
            )
            #expect(rule.status == 201)
            #expect(try await ada.get("/bots/\(id)/rules").text.contains("menu card.png"))
            let back = try await ada.get("\(api)/\(file)")
            #expect(back.body == Self.png)
            #expect(back["Content-Disposition"]?.hasPrefix("attachment") == true)
            #expect(try await ada.call("DELETE", "\(api)/\(file)", token: token).status == 409)
            let ruleID = try #require(try rule.json()["id"] as? String)
            #expect(try await ada.call("DELETE", "/api/bots/\(id)/rules/\(ruleID)", token: token).status == 204)
            #expect(try await ada.call("DELETE", "\(api)/\(file)", token: token).status == 204)
            #expect(try await ada.get("\(api)/\(file)").status == 404)
            // All files of a bot together have a limit.
            try await accounts.database.execute(
                """
                INSERT INTO bot_files (bot_id, id, kind, mime_type, name, content, created_at)
                SELECT bots.id, gen_random_uuid(), 'document', 'text/plain', 'a',
                    convert_to(repeat('x', 16777216), 'UTF8'), now()
                FROM bots, generate_series(1, 4)
                """
            )
            let full = try await ada.upload("\(api)?fileName=a", [1], "text/plain", token)
            #expect(full.status == 409)
            #expect(full.errorCode == "automation.files_too_large")
        }
    }
}
