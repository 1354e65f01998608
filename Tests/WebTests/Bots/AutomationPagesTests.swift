import Bots
import Database
import Foundation
import HTTPTypes
import Testing

@testable import Accounts
@testable import Web

/// Rules, own commands, planned messages, files and presets, as pages and as API.
@Suite(.timeLimit(.minutes(5)))
struct AutomationPagesTests {
    private static let parts = ["rules", "custom", "schedules", "presets"]
    private static let png: [UInt8] = [
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
        6,
        0, 0, 0, 0, 0, 0, 0,
    ]

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
            #expect(try await ada.get("/bots/\(id)/history").text.contains("commands: a rule removed"))
        }
    }

    @Test func ownCommandsAreMadePreviewedAndSigned() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/custom"
            let form = [
                "name": "prices", "summary": "Prices", "kind": "text", "who": "everybody", "isOn": "on",
                "text": "Hello {name}: {1}", "choice-title": "Tea", "choice-text": "Tea is 1 €",
            ]
            for (name, value) in [
                ("name", "Bad Name"), ("name", "ping"), ("text", ""), ("summary", String(repeating: "x", count: 201)),
            ] {
                let reply = try await ada.post(path, form.merging([name: value]) { $1 }, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
                #expect(AccessibilityLint(reply.text).complaints == [], "\(name)")
            }
            let menu = try await ada.post(path, form.merging(["choice-text": ""]) { $1 }, from: path)
            #expect(menu.status == 422)
            #expect(menu.text.contains("Each choice needs a title"))
            let preview = try await ada.post("\(path)/preview", form.merging(["words": "two teas"]) { $1 }, from: path)
            #expect(preview.status == 200)
            #expect(preview.text.contains("Hello Ada: two"))
            #expect(preview.text.contains("1. Tea"))
            let chosen = try await ada.post("\(path)/preview", form.merging(["words": "1"]) { $1 }, from: path)
            #expect(chosen.text.contains("<p class=\"bubble\">Tea is 1 €</p>"))
            let asking = [
                "kind": "request", "text": "{response:price} €", "request.url": "https://api.example.com/x?q={1}",
                "request.hosts": "api.example.com", "sample": #"{"price":5}"#,
            ]
            let asked = try await ada.post("\(path)/preview", form.merging(asking) { $1 }, from: path)
            #expect(asked.text.contains("5 €"))
            for (name, value) in [
                ("request.url", "ftp://x"), ("request.hosts", "not a_host!"), ("request.seconds", "99"),
            ] {
                let wrong = form.merging(asking) { $1 }.merging([name: value]) { $1 }
                let reply = try await ada.post(path, wrong, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
            }
            #expect(try await ada.post(path, form, from: path).status == 303)
            #expect(try await ada.post(path, form, from: path).text.contains("id=\"line-name-error\""))
            #expect(
                try await ada.post(path, form.merging(["command": "prices", "text": "New"]) { $1 }, from: path).status
                    == 303
            )
            let hook = ["name": "order", "kind": "webhook", "webhook.url": "https://example.com/hook"]
            #expect(try await ada.post(path, hook.merging(["webhook.url": "nowhere"]) { $1 }, from: path).status == 422)
            #expect(try await ada.post(path, hook, from: path).status == 303)
            let secret = try await ada.post("\(path)/secret", ["command": "order"], from: path)
            #expect(secret.text.firstMatch(of: #/data-testid="secret-text">[0-9a-f]{64}</#) != nil)
            #expect(try await ada.get("\(path)?command=order").text.firstMatch(of: #/[0-9a-f]{64}</#) == nil)
            #expect(try await ada.post("\(path)/secret", ["command": "none"], from: path).status == 404)
            #expect(try await ada.post("\(path)/switch", ["command": "prices"], from: path).status == 303)
            let shown = try #require(
                try await ada.get("/api/bots/\(id)/custom-commands").json()["commands"] as? [[String: Any]]
            )
            #expect(shown.map { $0["name"] as? String } == ["order", "prices"])
            #expect(shown.map { $0["on"] as? Bool } == [false, false])
            #expect(shown.first?["hasSecret"] as? Bool == true)
            #expect(shown.last?["text"] as? String == "New")
            #expect(try await ada.post("\(path)/delete", ["command": "prices"], from: path).status == 303)
            #expect(try await ada.post("\(path)/delete", ["command": "prices"], from: path).status == 404)
            try await customAPI(ada, id)
        }
    }

    private func customAPI(_ ada: PanelBrowser, _ id: String) async throws {
        let api = "/api/bots/\(id)/custom-commands"
        let token = try #require(try await ada.get("/bots/\(id)/custom").csrf)
        let body = #"{"text":"Hi {name}","menu":[{"title":"Tea","text":"1 €"}],"forAdmins":true}"#
        let made = try await ada.call("PUT", "\(api)/greet", json: body, token: token)
        #expect(made.status == 200)
        #expect(try made.json()["forAdmins"] as? Bool == true)
        let preview = try await ada.call(
            "POST",
            "\(api)/greet/preview",
            json:
                #"{"command":{"text":"{1} {response:a}","request":{"url":"https://x.example/","hosts":["x.example"]}},"words":"go","response":"{\"a\":7}"}"#,
            token: token
        )
        #expect(try preview.json()["answer"] as? String == "go 7")
        for (name, body, field) in [
            ("ping", #"{"text":"x"}"#, "name"), ("-x", #"{"text":"x"}"#, "name"), ("a", "{}", "text"),
            ("a", #"{"text":"x","menu":{}}"#, "menu"), ("a", #"{"text":"x","menu":[{"title":"","text":"x"}]}"#, "menu"),
            ("a", #"{"webhook":{"url":"nowhere"}}"#, "webhook.url"),
            ("a", #"{"webhook":{"url":"https://e.example/","seconds":60}}"#, "webhook.seconds"),
            ("a", #"{"text":"x","request":{"url":"https://e.example/","hosts":[]}}"#, "request.hosts"),
            (
                "a", #"{"text":"x","request":{"url":"https://e.example/","hosts":["e.example"],"method":"PUT"}}"#,
                "request.method"
            ),
            ("a", #"{"text":"x","file":"\#(UUID())"}"#, "file"), ("a", #"{"text":"x","odd":1}"#, "odd"),
        ] {
            let refused = try await ada.call("PUT", "\(api)/\(name)", json: body, token: token)
            #expect(refused.status == 422, "\(body)")
            #expect(refused.errorField == field, "\(body)")
        }
        let secret = try await ada.call("POST", "\(api)/greet/secret", token: token)
        #expect((try secret.json()["secret"] as? String)?.count == 64)
        #expect(try await ada.call("POST", "\(api)/nothing/secret", token: token).status == 404)
        #expect(try await ada.call("DELETE", "\(api)/greet", token: token).status == 204)
        #expect(try await ada.call("DELETE", "\(api)/greet", token: token).status == 404)
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

    @Test func messagesArePlannedPausedAndRemoved() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/schedules"
            let form = [
                "chat": "+1 555 000 2222", "text": "Good morning", "kind": "again", "cron": "0 8 * * mon-fri",
                "zone": "Asia/Jakarta", "at": "",
            ]
            for (name, value) in [
                ("chat", "nobody"), ("cron", "every day"), ("cron", "0 0 31 2 *"), ("text", ""), ("zone", "Moon/Sea"),
            ] {
                let reply = try await ada.post(path, form.merging([name: value]) { $1 }, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name) \(value)")
                #expect(AccessibilityLint(reply.text).complaints == [], "\(name)")
            }
            for at in ["2020-01-01T08:00", "2030-13-01T08:00", "2030-02-30T08:00", "x", ""] {
                let reply = try await ada.post(path, form.merging(["kind": "once", "at": at]) { $1 }, from: path)
                #expect(reply.text.contains("id=\"line-at-error\""), "\(at)")
            }
            #expect(try await ada.post(path, form, from: path).status == 303)
            let page = try await ada.get(path)
            #expect(page.text.contains("08:00, Asia/Jakarta"))
            #expect(page.text.contains("+15550002222"))
            let token = try #require(page.csrf)
            let shown = try #require(
                try await ada.get("/api/bots/\(id)/scheduled-messages").json()["messages"] as? [[String: Any]]
            )
            let message = try #require(shown.first?["id"] as? String)
            #expect(shown.first?["cron"] as? String == "0 8 * * mon-fri")
            #expect(try await ada.post("\(path)/switch", ["message": message, "to": "off"], from: path).status == 303)
            #expect(try await ada.get(path).text.contains("pauses"))
            // While it rested its time has passed: it goes on with the next.
            try await accounts.database.execute(
                "UPDATE bot_scheduled_messages SET next_at = now() - interval '1 hour'"
            )
            let api = "/api/bots/\(id)/scheduled-messages"
            let on = try await ada.call("PATCH", "\(api)/\(message)", json: #"{"on":true}"#, token: token)
            let next = try Date(try #require(try on.json()["nextAt"] as? String), strategy: .iso8601)
            #expect(next > Date())
            #expect(try await ada.post("\(path)/delete", ["message": message], from: path).status == 303)
            #expect(try await ada.post("\(path)/delete", ["message": message], from: path).status == 404)
            let once = #"{"chat":"15550002222","text":"Once","at":"2029-12-01T08:00:00Z"}"#
            let planned = try await ada.call("POST", api, json: once, token: token)
            #expect(planned.status == 201)
            #expect(try planned.json()["nextAt"] as? String == "2029-12-01T08:00:00Z")
            for (body, field) in [
                (#"{"chat":"15550002222","text":"x"}"#, "at"),
                (#"{"chat":"15550002222","text":"x","at":"soon"}"#, "at"),
                (#"{"chat":"15550002222","text":"x","at":"2020-01-01T00:00:00Z"}"#, "at"),
                (#"{"chat":"15550002222","text":"x","cron":"* * *"}"#, "cron"),
                (#"{"chat":"x","text":"x","cron":"* * * * *"}"#, "chat"),
                (#"{"chat":"15550002222","text":"","cron":"* * * * *"}"#, "text"),
                (#"{"chat":"15550002222","text":"x","cron":"* * * * *","timeZone":"Moon/Sea"}"#, "timeZone"),
                (#"{"chat":"15550002222","text":"x","cron":"* * * * *","at":"2029-12-01T08:00:00Z"}"#, "cron"),
            ] {
                let refused = try await ada.call("POST", api, json: body, token: token)
                #expect(refused.status == 422, "\(body)")
                #expect(refused.errorField == field, "\(body)")
            }
        }
    }

    @Test func presetsFillNewBotsAndOldOnes() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Shopkeeper", ["preset": "shop"])
            let settings = try await ada.get("/api/bots/\(id)/answers").json()["settings"] as? [String: Any]
            #expect(settings?["mode"] as? String == "inbox")
            #expect(try await ada.get("/bots/\(id)/rules").text.contains("We are open"))
            #expect(try await ada.get("/bots/\(id)/history").text.contains("preset shop"))
            let wrong = try await ada.post(
                "/deploy",
                ["name": "x", "prefix": "!", "way": "link", "preset": "odd"],
                from: "/deploy"
            )
            #expect(wrong.status == 422)
            let token = try #require(try await ada.get("/bots/\(id)/presets").csrf)
            let owners = #"{"owners":["15550009999"],"prefixes":["?"]}"#
            #expect(try await ada.call("PATCH", "/api/bots/\(id)/answers", json: owners, token: token).status == 200)
            let page = "/bots/\(id)/presets"
            #expect(try await ada.post(page, ["preset": "odd"], from: page).status == 422)
            ada.set("language", "id")
            #expect(try await ada.post(page, ["preset": "moderator"], from: page).status == 303)
            ada.set("language", nil)
            let filled = try await ada.get("/api/bots/\(id)/answers").json()["settings"] as? [String: Any]
            #expect(filled?["mode"] as? String == "groups")
            #expect((filled?["welcome"] as? String)?.hasPrefix("Selamat datang") == true)
            #expect(filled?["owners"] as? [String] == ["15550009999"])
            #expect(filled?["prefixes"] as? [String] == ["?"])
            #expect((try await ada.get("/api/presets").json()["presets"] as? [Any])?.count == 5)
            let api = "/api/bots/\(id)/preset"
            #expect(try await ada.call("POST", api, json: #"{"preset":"media"}"#, token: token).status == 204)
            for (body, field) in [
                ("{}", "preset"), (#"{"preset":"x"}"#, "preset"), (#"{"preset":"media","language":"x"}"#, "language"),
            ] {
                let refused = try await ada.call("POST", api, json: body, token: token)
                #expect(refused.status == 422, "\(body)")
                #expect(refused.errorField == field, "\(body)")
            }
            let made = try await ada.call(
                "POST",
                "/api/bots",
                json: #"{"name":"Second","preset":"shop","language":"id"}"#,
                token: token
            )
            #expect(made.status == 201)
            let second = try #require(try made.json()["id"] as? String)
            #expect(try await ada.get("/bots/\(second)/rules").text.contains("Kami buka"))
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

extension PanelBrowser {
    /// A rule, a command and a planned message.
    fileprivate func fill(_ id: String) async throws {
        let token = try await get("/bots/\(id)/rules").csrf ?? ""
        for (method, path, body) in [
            ("POST", "rules", #"{"pattern":"price","answer":"cheap","priority":3,"scope":"groups"}"#),
            ("PUT", "custom-commands/prices", #"{"text":"Tea","menu":[{"title":"Tea","text":"1"}],"forOwners":true}"#),
            ("POST", "scheduled-messages", #"{"chat":"15550002222","text":"x","cron":"0 8 * * *"}"#),
        ] {
            let reply = try await call(method, "/api/bots/\(id)/\(path)", json: body, token: token)
            #expect(reply.status < 300, "\(path): \(reply.text)")
        }
    }

    func upload(_ path: String, _ bytes: [UInt8], _ type: String, _ token: String) async throws -> WebReply {
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        let fields = [
            "Content-Type": type, "Origin": "http://127.0.0.1:\(site.port)", "X-CSRF-Token": token, "Cookie": cookie,
        ]
        return try await site.request("POST", path, fields, body: bytes)
    }
}

extension AccountsService {
    /// Makes somebody a member of the only team, who may look at its bots.
    fileprivate func share(with email: String) async throws {
        try await database.execute(
            """
            INSERT INTO team_members (member_id, owner_id, joined_at)
            SELECT member.id, owner.id, now() FROM accounts AS member, accounts AS owner
            WHERE member.email = \(email) AND owner.email = 'ada@example.com'
            """
        )
        try await database.execute(
            """
            INSERT INTO bot_shares (bot_id, account_id, may_operate, created_at)
            SELECT bots.id, accounts.id, false, now() FROM bots, accounts WHERE accounts.email = \(email)
            """
        )
    }
}
