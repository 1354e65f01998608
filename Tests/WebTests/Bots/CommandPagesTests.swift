import Bots
import Database
import Foundation
import HTTPTypes
import Testing

@testable import Accounts
@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct CommandPagesTests {
    private static let parts = ["commands", "answers", "chats", "statistics", "warnings"]

    @Test(arguments: ["en", "id"])
    func thePagesAreWhole(language: String) async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            ada.set("language", language)
            let id = try await ada.deploy("Harbour <helper>")
            for part in Self.parts + [
                "chats?chat=120363000000000001%40g.us", "commands?q=ping", "commands?q=%22%3Cb%3E",
            ] {
                let page = try await ada.get("/bots/\(id)/\(part)")
                #expect(page.status == 200, "\(part)")
                #expect(page.text.contains("Harbour &lt;helper&gt;"), "\(part)")
                #expect(AccessibilityLint(page.text).complaints == [], "\(part)")
                #expect(page.text.firstMatch(of: #/commands\.[a-z_]+\.[a-z]+/#) == nil, "\(part) lacks a text")
            }
        }
    }

    @Test func commandsAreDescribedInTheLanguageOfThePage() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            for (language, texts) in [
                ("en", ["Removes people from the group.", "kick &lt;member ...&gt;", "group admin"]),
                ("id", ["Mengeluarkan anggota dari grup.", "kick &lt;anggota ...&gt;", "admin grup"]),
            ] {
                ada.set("language", language)
                let page = try await ada.get("/bots/\(id)/commands?q=kick").text
                for text in texts { #expect(page.contains(text), "\(language): \(text)") }
            }
        }
    }

    @Test func aCommandIsSwitchedOffByFormAndByAPI() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let page = "/bots/\(id)/commands"
            let form = ["category": "general", "on": "on", "shown": "ping"]
            #expect(try await ada.post(page, form, from: page).status == 303)
            #expect(try await ada.isOn("ping", of: id) == false)
            #expect(try await ada.isOn("menu", of: id) == true)
            let token = try #require(try await ada.get(page).csrf)
            let reply = try await ada.call(
                "PATCH",
                "/api/bots/\(id)/commands",
                json: #"{"commands":{"ping":true},"categories":{"general":false}}"#,
                token: token
            )
            #expect(reply.status == 200)
            // Named by itself it stays on without its category.
            #expect(try await ada.isOn("ping", of: id) == true)
            #expect(try await ada.isOn("menu", of: id) == false)
            #expect(try await ada.get("/bots/\(id)/history").text.contains("commands: general off, ping on"))
            for (body, field) in [
                (#"{"commands":{"nothing":true}}"#, "nothing"), (#"{"commands":{"ping":1}}"#, "ping"),
                (#"{"categories":{"odd":true}}"#, "odd"), (#"{"settings":{"ping":{"odd":"1"}}}"#, "odd"),
                (#"{"commands":[]}"#, "commands"),
            ] {
                let refused = try await ada.call("PATCH", "/api/bots/\(id)/commands", json: body, token: token)
                #expect(refused.status == 422, "\(body)")
                #expect(refused.errorField == field, "\(body)")
            }
        }
    }

    @Test func answersAreSavedOrRefusedBesideTheirField() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/answers"
            let good = [
                "version": "0", "prefixes": ". /", "bare": "on", "mode": "groups",
                "owners": "+1 555 000 1111\n15550002222",
                "autoReact": "👍 🎉", "welcome": "Hello {mention}", "warnLimit": "5", "rejectsCalls": "true",
            ]
            for (name, value) in [
                ("prefixes", "too-long"), ("owners", "my phone"), ("autoReact", "yes"), ("warnLimit", "99"),
                ("warnLimit", "many"), ("mode", "odd"), ("timeZone", "Moon/Sea"),
            ] {
                let reply = try await ada.post(path, good.merging([name: value]) { $1 }, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
                #expect(reply.text.contains("Hello {mention}"), "\(name)")
                #expect(AccessibilityLint(reply.text).complaints == [], "\(name)")
            }
            #expect(try await ada.post(path, good, from: path).status == 303)
            // Two pages that are open at the same time do not overwrite each other.
            #expect(try await ada.post(path, good.merging(["mode": "inbox"]) { $1 }, from: path).status == 409)
            let shown = try await ada.get("/api/bots/\(id)/answers").json()
            let settings = try #require(shown["settings"] as? [String: Any])
            #expect(settings["prefixes"] as? [String] == [".", "/", ""])
            #expect(settings["owners"] as? [String] == ["15550001111", "15550002222"])
            #expect(settings["rejectsCalls"] as? Bool == true)
            let token = try #require(try await ada.get(path).csrf)
            let changed = try await ada.call(
                "PATCH",
                "/api/bots/\(id)/answers",
                json: #"{"mode":null,"welcome":"Hi"}"#,
                token: token
            )
            #expect(changed.status == 200)
            let now = try #require(try changed.json()["settings"] as? [String: Any])
            #expect(now["mode"] == nil)
            #expect(now["welcome"] as? String == "Hi")
            #expect(now["warnLimit"] as? Int == 5)
            for (body, field) in [
                (#"{"mode":"odd"}"#, "mode"), (#"{"warnLimit":0}"#, "warnLimit"), (#"{"warnLimit":"5"}"#, "warnLimit"),
                (#"{"owners":["x"]}"#, "owners"), (#"{"odd":1}"#, "odd"),
            ] {
                let refused = try await ada.call("PATCH", "/api/bots/\(id)/answers", json: body, token: token)
                #expect(refused.status == 422, "\(body)")
                #expect(refused.errorField == field, "\(body)")
            }
        }
    }

    @Test func aChatHasSettingsOfItsOwn() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/chats"
            let group = "120363000000000001@g.us"
            #expect(try await ada.post(path, ["chat": "nobody"], from: path).text.contains("id=\"line-chat-error\""))
            #expect(try await ada.post(path, ["chat": group], from: path).status == 303)
            let form = [
                "chat": group, "isSilent": "on", "links": "warn", "linksAllowed": "example.com", "opens": "08:00",
                "closes": "20:00", "category": "media",
            ]
            for (name, value) in [
                ("linksAllowed", "not a host"), ("closes", "08:00"), ("slowMode", "0"), ("disabledCommands", "nothing"),
            ] {
                let reply = try await ada.post("\(path)/save", form.merging([name: value]) { $1 }, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
            }
            #expect(try await ada.post("\(path)/save", form, from: path).status == 303)
            #expect(try await ada.get(path).text.contains("silent, own commands, no links, opening hours"))
            let token = try #require(try await ada.get(path).csrf)
            let api = "/api/bots/\(id)/chats/120363000000000001%40g.us"
            let refused = try await ada.call(
                "PATCH",
                api,
                json: #"{"links":{"action":"odd","allowed":[]}}"#,
                token: token
            )
            #expect(refused.status == 422)
            #expect(refused.errorField == "links.action")
            let changed = try await ada.call("PATCH", api, json: #"{"isSilent":null,"slowMode":5}"#, token: token)
            #expect(changed.status == 200)
            #expect(changed.text.contains("\"slowMode\":5"))
            #expect(!changed.text.contains("isSilent"))
            #expect(try await ada.call("DELETE", api, token: token).status == 204)
            #expect(try await ada.get(path).text.contains("It behaves the same everywhere."))
        }
    }

    @Test func whoMayLookMayNotChange() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            try await accounts.database.execute(
                """
                INSERT INTO team_members (member_id, owner_id, joined_at)
                SELECT member.id, owner.id, now() FROM accounts AS member, accounts AS owner
                WHERE member.email = 'bob@example.com' AND owner.email = 'ada@example.com'
                """
            )
            try await accounts.database.execute(
                """
                INSERT INTO bot_shares (bot_id, account_id, may_operate, created_at)
                SELECT bots.id, accounts.id, false, now() FROM bots, accounts WHERE accounts.email = 'bob@example.com'
                """
            )
            for part in ["commands", "statistics", "warnings"] {
                #expect(try await bob.get("/bots/\(id)/\(part)").status == 200, "\(part)")
            }
            for part in ["answers", "chats"] {
                #expect(try await bob.get("/bots/\(id)/\(part)").status == 403, "\(part)")
            }
            #expect(!(try await bob.get("/bots/\(id)/commands").text.contains("/answers")))
            for (path, form) in [
                ("commands", ["category": "general", "shown": "ping"]), ("answers", ["mode": "groups"]),
                ("warnings/reset", ["chat": "1@g.us", "person": "2@lid"]),
            ] {
                let reply = try await bob.post("/bots/\(id)/\(path)", form, from: "/deploy")
                #expect(reply.status == 403, "\(path)")
            }
            #expect(try await ada.isOn("ping", of: id) == true)
        }
    }

    @Test func warningsAndStatisticsAreShownAndTakenBack() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let bot = try #require(UUID(uuidString: id))
            let person = "15550002222@s.whatsapp.net"
            for number in 1...2 {
                try await accounts.database.execute(
                    """
                    INSERT INTO bot_warnings (bot_id, chat, person, message_id, reason, at)
                    VALUES (\(bot), '1@g.us', \(person), \("M\(number)"), 'links', now())
                    """
                )
            }
            let times = [0, 17, 2] + [Int](repeating: 0, count: 16) + [1]
            for command in ["ping", "menu"] {
                try await accounts.database.execute(
                    """
                    INSERT INTO bot_command_use (bot_id, at, command, runs, errors, times)
                    VALUES (\(bot), now(), \(command), \(command == "ping" ? 20 : 3), 1, \(times))
                    """
                )
            }
            try await accounts.database.execute(
                "INSERT INTO bot_command_users (bot_id, at, person, runs) VALUES (\(bot), now(), \(person), 23)"
            )
            let use = try await ada.get("/api/bots/\(id)/statistics?span=day").json()
            #expect(use["runs"] as? Int == 23)
            #expect(use["errors"] as? Int == 2)
            let first = try #require((use["commands"] as? [[String: Any]])?.first)
            #expect(first["name"] as? String == "ping")
            #expect(first["p95Milliseconds"] as? Int == 4)
            let page = try await ada.get("/bots/\(id)/statistics")
            #expect(page.text.contains("+15550002222"))
            #expect(AccessibilityLint(page.text).complaints == [])
            let warnings = "/bots/\(id)/warnings"
            let shown = try await ada.get(warnings)
            #expect(shown.text.contains("links"))
            #expect(AccessibilityLint(shown.text).complaints == [])
            let form = ["chat": "1@g.us", "person": person]
            #expect(try await ada.post("\(warnings)/reset", form, from: warnings).status == 303)
            #expect(try await ada.get(warnings).text.contains("Nobody has been warned"))
        }
    }
}

extension PanelBrowser {
    fileprivate func isOn(_ command: String, of bot: String) async throws -> Bool? {
        let commands = try await get("/api/bots/\(bot)/commands").json()["commands"] as? [[String: Any]]
        return commands?.first { $0["name"] as? String == command }?["on"] as? Bool
    }
}
