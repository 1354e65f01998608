import Database
import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Planned messages and presets, as pages and as API.
@Suite(.timeLimit(.minutes(5)))
struct SchedulePagesTests {
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

    @Test func whyAMessageDidNotGoOutIsSaidInTheReadersLanguage() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/schedules"
            let form = [
                "chat": "+1 555 000 2222", "text": "Good morning", "kind": "again", "cron": "0 8 * * *",
                "zone": "Asia/Jakarta", "at": "",
            ]
            #expect(try await ada.post(path, form, from: path).status == 303)
            #expect(try await !ada.get(path).text.contains("plan-problem"))
            for code in [
                "limited", "busy", "chat", "late", "not_connected", "timed_out", "no_devices", "invalid", "refused:463",
                "failed", "words of an older version", "daily_cap:5",
            ] {
                try await accounts.database.execute(
                    "UPDATE bot_scheduled_messages SET last_at = now(), last_error = \(code)"
                )
                let page = try await ada.get(path).text
                #expect(page.contains("data-testid=\"plan-problem\""), "\(code)")
                #expect(!page.contains("plan_problem"), "\(code)")
            }
            #expect(try await ada.get(path).text.contains("5 messages that nobody asks for"))
            ada.set("language", "id")
            #expect(try await ada.get(path).text.contains("Jatah 5 pesan otomatis"))
            let shown = try await ada.get("/api/bots/\(id)/scheduled-messages").json()["messages"] as? [[String: Any]]
            #expect(shown?.first?["lastError"] as? String == "daily_cap:5")
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
}
