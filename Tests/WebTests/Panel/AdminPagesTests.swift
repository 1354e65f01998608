import Accounts
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct AdminPagesTests {
    private func administrator(_ site: TestSite, _ accounts: AccountsService) async throws -> PanelBrowser {
        _ = try await accounts.provideAdministrator(email: "root@example.com", password: TestPassword.good)
        let browser = PanelBrowser(site)
        _ = try await browser.logIn("root@example.com")
        return browser
    }

    @Test func pagesAreReadableAndHaveTheirTexts() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let root = try await administrator(site, accounts)
            _ = try await PanelBrowser(site).register(name: "<i>Ada</i>")
            let list = try await root.get("/admin/accounts")
            let ada = try #require(list.text.firstMatch(of: #/href="(\/admin\/accounts\/[0-9a-f-]+)">&lt;i&gt;Ada/#)?.1)
            let paths = [
                "/admin/accounts", String(ada), "/admin/audit", "/admin/announcements", "/admin/settings",
                "/admin/accounts?q=nobody", "/admin/accounts?sort=-name&role=user",
                "/admin/audit?action=admin.&since=2026-01-01",
                "/admin/accounts?sort=';DROP&after=-5&role=x",
            ]
            for language in ["en", "id"] {
                root.set("language", language)
                for path in paths {
                    let reply = try await root.get(path)
                    #expect(reply.status == 200, "\(path)")
                    #expect(AccessibilityLint(reply.text).complaints == [], "\(path)")
                }
            }
            #expect(try await root.get("/admin/accounts?q=%3Ci%3Eada").text.contains("value=\"&lt;i&gt;ada\""))
        }
    }

    @Test func suspendingAndSigningInAs() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let root = try await administrator(site, accounts)
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let list = try await root.get("/admin/accounts?q=ada@")
            let path = String(try #require(list.text.firstMatch(of: #/href="(\/admin\/accounts\/[0-9a-f-]+)"/#)?.1))
            #expect(try await root.post("\(path)/sign-in", [:], from: path)["Location"] == "/dashboard")
            let seen = try await root.get("/dashboard")
            #expect(seen.text.contains("data-testid=\"impersonation\""))
            #expect(seen.text.contains("Ada Lovelace"))
            #expect(try await root.get("/admin/accounts").status == 403)
            #expect(try await root.post("/logout-as", [:], from: "/dashboard")["Location"] == "/admin/accounts")
            #expect(try await root.get("/admin/accounts").status == 200)
            #expect(try await root.post("\(path)/suspend", [:], from: path).status == 303)
            #expect(try await ada.get("/dashboard").status == 303)
            #expect(try await ada.logIn().status == 403)
            let audit = try await root.get("/admin/audit.csv")
            #expect(audit["Content-Type"] == "text/csv; charset=utf-8")
            for action in ["admin.signed_in_as", "admin.signed_out_as", "admin.suspended"] {
                #expect(audit.text.contains(action))
            }
        }
    }

    @Test func closedRegistrationSaysSo() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let root = try await administrator(site, accounts)
            _ = try await root.post("/admin/settings", [:], from: "/admin/settings")
            let page = try await PanelBrowser(site).get("/register")
            #expect(page.text.contains("Accounts are made by an administrator here."))
            #expect(try await PanelBrowser(site).register().status == 403)
        }
    }

    @Test func announcementsStandAboveEveryPage() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let root = try await administrator(site, accounts)
            let form = ["message": "Maintenance <tonight>", "kind": "warning", "days": "1"]
            _ = try await root.post("/admin/announcements", form, from: "/admin/announcements")
            let page = try await root.get("/dashboard")
            #expect(page.text.contains("Maintenance &lt;tonight&gt;"))
        }
    }
}
