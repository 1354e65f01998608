import Accounts
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct SettingsPagesTests {
    @Test(arguments: ["", "/security", "/devices", "/keys", "/team", "/data"])
    func pagesAreReadableAndHaveTheirTexts(path: String) async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register(name: "<script>alert(1)</script> {{csrf}}")
            for language in ["en", "id"] {
                browser.set("language", language)
                let reply = try await browser.get("/settings\(path)")
                #expect(reply.status == 200)
                #expect(reply.text.contains("<html lang=\"\(language)\""))
                #expect(AccessibilityLint(reply.text).complaints == [], "\(path)")
                #expect(!reply.text.contains("<script>alert(1)"))
                #expect(reply.text.contains("{{csrf}}"))
                #expect(reply["Cache-Control"] == "no-store")
            }
        }
    }

    @Test func theNameIsChanged() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let reply = try await browser.post("/settings/name", ["name": "Countess"], from: "/settings")
            #expect(reply["Location"] == "/settings")
            let page = try await browser.get("/settings")
            #expect(page.text.contains("value=\"Countess\""))
            #expect(page.text.contains("data-kind=\"good\">Saved.</p>"))
            // The sentence is said once.
            #expect(try await !browser.get("/settings").text.contains("Saved."))
            let long = String(repeating: "x", count: 81)
            let refused = try await browser.post("/settings/name", ["name": long], from: "/settings")
            #expect(refused.status == 422)
            #expect(refused.text.contains("Type a name of at most 80 characters."))
        }
    }

    @Test func aPlantedFlashSaysNothing() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            browser.set("wharf-flash", "<b>evil</b>")
            #expect(try await !browser.get("/settings").text.contains("evil"))
            browser.set("wharf-flash", "no_such_text")
            #expect(try await !browser.get("/settings").text.contains("no_such_text"))
        }
    }

    @Test func aKeyIsShownOnce() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let form = ["name": "Backup", "scope": "account:read", "days": "30"]
            let made = try await browser.post("/settings/keys", form, from: "/settings/keys")
            let key = try #require(made.text.firstMatch(of: #/id="made-key">(wharf_[A-Za-z0-9_-]{43})</#)?.1)
            let later = try await browser.get("/settings/keys")
            #expect(!later.text.contains(key))
            #expect(later.text.contains("Backup"))
            let account = try await site.get("/api/account", ["Authorization": "Bearer \(key)"])
            #expect(try account.json()["email"] as? String == "ada@example.com")
            let refused = try await site.request(
                "PATCH",
                "/api/account",
                ["Authorization": "Bearer \(key)", "Content-Type": "application/json"],
                body: Array(#"{"name":"Eve"}"#.utf8)
            )
            #expect(refused.status == 403)
            #expect(refused.errorCode == "request.scope_missing")
            let none = try await browser.post("/settings/keys", ["name": "Nothing"], from: "/settings/keys")
            #expect(none.status == 422)
        }
    }

    @Test func anotherAccountsThingsAreNotThere() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let (ada, eve) = (PanelBrowser(site), PanelBrowser(site))
            _ = try await ada.register()
            _ = try await eve.register("eve@example.com", name: "Eve")
            let form = ["name": "Backup", "scope": "account:read", "days": ""]
            _ = try await ada.post("/settings/keys", form, from: "/settings/keys")
            let page = try await ada.get("/settings/keys").text
            let url = try #require(page.firstMatch(of: #/action="(\/settings\/keys\/[0-9a-f-]+\/revoke)"/#)?.1)
            #expect(try await eve.post(String(url), [:], from: "/settings/keys").status == 404)
            #expect(try await ada.get("/settings/keys").text.contains(url))
            for made in ["x", "00000000-0000-4000-8000-000000000000", "..%2f..", "%00"] {
                #expect(try await eve.post("/settings/keys/\(made)/revoke", [:], from: "/settings/keys").status == 404)
            }
            #expect(try await ada.post(String(url), [:], from: "/settings/keys").status == 303)
        }
    }

    @Test func theAccountIsExportedAndDeleted() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let export = try await browser.post("/settings/export", [:], from: "/settings/data")
            #expect(export["Content-Disposition"]?.hasPrefix("attachment") == true)
            #expect((try export.json()["account"] as? [String: Any])?["email"] as? String == "ada@example.com")
            let wrong = try await browser.post("/settings/delete", ["email": "eve@example.com"], from: "/settings/data")
            #expect(wrong.status == 422)
            let right = try await browser.post("/settings/delete", ["email": "ADA@example.com"], from: "/settings/data")
            #expect(right["Location"] == "/login")
            #expect(try await browser.logIn().status == 401)
        }
    }
}
