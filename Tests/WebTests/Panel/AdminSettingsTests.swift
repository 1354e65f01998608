import Foundation
import Testing
import WharfTestSupport

@testable import Accounts
@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct AdminSettingsTests {
    private static let form = [
        "registrationOpen": "on", "loginsPerMinute": "50", "apiCallsPerMinute": "5000", "apiWritesPerMinute": "500",
        "noticeDays": "14, 3", "approvalMonths": "3", "botPrefix": ".", "botCheckSeconds": "30",
        "supportContact": "help@example.com",
    ]

    @Test func whatIsSetIsShownAndHolds() async throws {
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, accounts in
            let root = try await site.administrator(accounts)
            for language in ["id", "en"] {
                root.set("language", language)
                let page = try await root.get("/admin/settings")
                #expect(page.status == 200)
                #expect(AccessibilityLint(page.text).complaints == [])
            }
            let saved = try await root.post("/admin/settings", Self.form, from: "/admin/settings")
            #expect(saved["Location"] == "/admin/settings")
            let page = try await root.get("/admin/settings").text
            #expect(page.contains("name=\"noticeDays\" value=\"14, 3\""))
            #expect(page.contains("<a href=\"mailto:help@example.com\">help@example.com</a>"))
            #expect(try await root.get("/deploy").text.contains("name=\"prefix\" value=\".\""))
            #expect(try await root.get("/admin/bots").status == 200)
            let token = try #require(try await root.get("/deploy").csrf)
            let made = try await root.call("POST", "/api/bots", json: #"{"name":"Helper"}"#, token: token)
            #expect(try made.field("prefix") == ".")
            let overview = try await root.get("/admin").text
            #expect(overview.contains("<option value=\"3\" selected>"))
            // Nothing typed is the standard again.
            _ = try await root.post("/admin/settings", ["registrationOpen": "on"], from: "/admin/settings")
            #expect(try await root.get("/deploy").text.contains("name=\"prefix\" value=\"!\""))
        }
    }

    @Test func everythingThatIsWrongIsSaidAtOnce() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            var form = Self.form
            form["apiCallsPerMinute"] = "0"
            form["noticeDays"] = "often"
            form["botPrefix"] = "a b"
            let reply = try await root.post("/admin/settings", form, from: "/admin/settings")
            #expect(reply.status == 422)
            for name in ["apiCallsPerMinute", "noticeDays", "botPrefix"] {
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
            }
            #expect(!reply.text.contains("id=\"line-loginsPerMinute-error\""))
            // What was typed is kept, and nothing is changed.
            #expect(reply.text.contains("value=\"often\""))
            #expect(reply.text.contains("value=\"help@example.com\""))
            #expect(try await accounts.panelSettings().changed.isEmpty)
            #expect(AccessibilityLint(reply.text).complaints == [])
        }
    }

    @Test func callsChangeTheSame() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            func change(_ json: String) async throws -> WebReply {
                try await root.call("PATCH", "/api/admin/settings", json: json, token: token)
            }
            let changed = try await change(#"{"noticeDays":[1,10],"supportContact":"Ask Ada","loginsPerMinute":9}"#)
            #expect(changed.status == 200)
            #expect(try changed.json()["noticeDays"] as? [Int] == [10, 1])
            #expect(try changed.json()["changed"] as? [String] == ["loginsPerMinute", "noticeDays", "supportContact"])
            #expect(try await change(#"{"noticeDays":null}"#).json()["noticeDays"] as? [Int] == [7, 3, 1])
            for (bad, field) in [
                (#"{"noticeDays":"7"}"#, "noticeDays"), (#"{"noticeDays":[0]}"#, "noticeDays"),
                (#"{"approvalMonths":5}"#, "approvalMonths"), (#"{"registrationOpen":"yes"}"#, "registrationOpen"),
                (#"{"botPrefix":""}"#, "botPrefix"), (#"{"apiCallsPerMinute":1.5}"#, "apiCallsPerMinute"),
            ] {
                let reply = try await change(bad)
                #expect(reply.status == 422, "\(bad)")
                #expect(reply.error("field") == field, "\(bad)")
            }
            // From the next call on, without a restart.
            #expect(try await change(#"{"apiWritesPerMinute":1}"#).status == 200)
            #expect(try await change(#"{"supportContact":""}"#).status == 200)
            #expect(try await change(#"{"supportContact":""}"#).status == 429)
        }
    }

    @Test func whatTheConfigurationSaysIsShownAndStays() async throws {
        try await withTestDatabaseSite { site, accounts in
            let root = try await site.administrator(accounts)
            let page = try await root.get("/admin/settings").text
            #expect(page.contains("Set by WHARF_LOGINS_PER_MINUTE"))
            #expect(
                page.contains(
                    "name=\"loginsPerMinute\" value=\"100\" placeholder=\"100\" min=\"1\" max=\"1000\" disabled"
                )
            )
            // A form does not send what is disabled; whoever sends it anyway changes nothing by it.
            _ = try await root.post("/admin/settings", Self.form, from: "/admin/settings")
            #expect(try await accounts.panelSettings().loginsPerMinute == 100)
            #expect(try await accounts.panelSettings().botPrefix == ".")
            let token = try #require(try await root.get("/deploy").csrf)
            let reply = try await root.call(
                "PATCH",
                "/api/admin/settings",
                json: #"{"loginsPerMinute":3}"#,
                token: token
            )
            #expect(reply.status == 409)
            #expect(reply.errorCode == "admin.setting_fixed")
            #expect(reply.error("message")?.contains("WHARF_LOGINS_PER_MINUTE") == true)
        }
    }

    private func withTestDatabaseSite(
        _ body: @Sendable (TestSite, AccountsService) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let accounts = try makeAccounts(database) { configuration in
                configuration.logins.count = 100
                configuration.registrations.count = 100
                configuration.fixedSettings = [.loginsPerMinute]
            }
            var configuration = WebConfiguration.test()
            configuration.formKey = accounts.formKey
            try await withSite(accounts: accounts, bots: makeBots(database), configuration: configuration) { site in
                try await body(site, accounts)
            }
        }
    }

    @Test func theOverviewOpensOnWhatWaits() async throws {
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, accounts in
            let root = try await site.administrator(accounts)
            let quiet = try await root.get("/admin").text
            #expect(quiet.contains("Nobody waits."))
            let bot = try await root.deploy("<b>Helper</b>")
            for language in ["id", "en"] {
                root.set("language", language)
                let page = try await root.get("/admin")
                #expect(page.status == 200)
                #expect(AccessibilityLint(page.text).complaints == [])
                #expect(page.text.contains("&lt;b&gt;Helper"))
                #expect(page.text.contains("data-testid=\"tile-waiting\""))
            }
            let page = try await root.get("/admin").text
            let choice = try #require(page.firstMatch(of: #/name="bot" value="([0-9a-f-]+:\d+)"/#)?.1)
            let form = ["bot": String(choice), "months": "1", "action": "approve", "back": "/admin"]
            #expect(try await root.post("/admin/bots", form, from: "/admin")["Location"] == "/admin")
            #expect(try await root.get("/admin").text.contains("Nobody waits."))
            let token = try #require(try await root.get("/deploy").csrf)
            let wish = try await root.call("POST", "/api/bots/\(bot)/renewal", json: #"{"months":2}"#, token: token)
            #expect(wish.status == 204)
            let asked = try await root.get("/admin").text
            #expect(asked.contains("Asks for 2 months more"))
            #expect(try await root.get("/admin/bots?wish=true").text.contains("Asks for 2 months more"))
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            #expect(try await eve.get("/admin").status == 403)
        }
    }
}
