import Database
import Foundation
import Testing

@testable import Accounts
@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct LinkPagesTests {
    /// The path of the link in the newest mail to an address.
    private func link(_ accounts: AccountsService, to recipient: String) async throws -> String? {
        let row = try await accounts.database.queryOne(
            "SELECT body FROM mail_outbox WHERE recipient = \(recipient) ORDER BY id DESC LIMIT 1"
        )
        let body: String = try row?.decode("body") ?? ""
        return body.firstMatch(of: #/http:\/\/127\.0\.0\.1:8080(\/\S+)/#).map { String($0.1) }
    }

    @Test func anAddressIsConfirmed() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let path = try #require(try await link(accounts, to: "ada@example.com"))
            // Looking at the link does nothing yet: mail programs do that.
            let page = try await PanelBrowser(site).get(path)
            #expect(AccessibilityLint(page.text).complaints == [])
            #expect(try await browser.get("/verify-email").status == 200)
            #expect(try await browser.post(path, [:], from: path)["Location"] == "/dashboard")
            #expect(try await browser.get("/verify-email").status == 303)
            #expect(try await browser.get(path).status == 410)
        }
    }

    @Test func aForgottenPasswordIsReplaced() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let other = PanelBrowser(site)
            let known = try await other.post("/forgot", ["email": "ada@example.com"], from: "/forgot")
            let unknown = try await other.post("/forgot", ["email": "eve@example.com"], from: "/forgot")
            #expect(known.status == 200 && unknown.status == 200)
            #expect(known.text == unknown.text)
            let path = try #require(try await link(accounts, to: "ada@example.com"))
            let weak = try await other.post(path, ["password": "12345"], from: path)
            #expect(weak.status == 422)
            #expect(weak.text.contains("Take at least 10 characters"))
            #expect(try await other.post(path, ["password": TestPassword.other], from: path)["Location"] == "/login")
            #expect(try await browser.get("/dashboard").status == 303)
            #expect(try await browser.logIn(password: TestPassword.other).status == 303)
        }
    }

    /// A `Host` of an attacker's choice must not get into a mail.
    @Test func linksLeadToTheConfiguredAddress() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let shown = try await browser.get("/forgot")
            let token = try #require(shown.csrf)
            _ = try await browser.send(
                "/forgot",
                ["email": "ada@example.com", "csrf": token],
                ["X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"]
            )
            let row = try await accounts.database.queryOne(
                "SELECT count(*) AS number FROM mail_outbox WHERE body LIKE '%evil%'"
            )
            #expect(try row?.decode("number", as: Int64.self) == 0)
        }
    }

    @Test func headersCannotBeSmuggledIntoMails() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let browser = PanelBrowser(site)
            let refused = try await browser.register("ada@example.com\r\nBcc: eve@example.com")
            #expect(refused.status == 422)
            let named = try await browser.register(name: "Ada\r\nBcc: eve@example.com")
            #expect(named.status == 303)
            let row = try await accounts.database.queryOne("SELECT subject, recipient FROM mail_outbox")
            #expect(try row?.decode("recipient", as: String.self) == "ada@example.com")
            #expect(try row?.decode("subject", as: String.self).contains("\n") == false)
        }
    }

    @Test(arguments: ["/reset/x", "/verify-email/x", "/invitation/x", "/setup/x"])
    func madeUpLinksAreOver(path: String) async throws {
        try await withPanelSite { (site, _) async throws in
            let reply = try await PanelBrowser(site).get(path)
            #expect([404, 410].contains(reply.status))
        }
    }

    @Test func anotherSiteIsLinkedFromOurOwnPageAlone() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            #expect(try await browser.get("/login/with/oidc?link=1").status == 403)
            let token = try #require(try await browser.get("/settings/security").csrf)
            // This one would go on, were there such a site.
            #expect(try await browser.get("/login/with/oidc?link=\(token)").status == 404)
        }
    }

    @Test func thisServerIsSetUpOnce() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let path = try #require(try await accounts.setUpPath())
            let browser = PanelBrowser(site)
            let form = ["name": "Root", "email": "root@example.com", "password": TestPassword.good]
            #expect(
                try await browser.post(path, form.merging(["password": "admin12345"]) { $1 }, from: path).status == 422
            )
            #expect(try await browser.post(path, form, from: path)["Location"] == "/dashboard")
            #expect(try await browser.get("/admin/accounts").status == 200)
            #expect(try await PanelBrowser(site).get(path).status == 410)
        }
    }

    @Test func anAgentJoinsByItsLink() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let proof = try #require(try await link(accounts, to: "ada@example.com"))
            #expect(try await ada.post(proof, [:], from: proof).status == 303)
            #expect(
                try await ada.post("/settings/team", ["email": "bob@example.com"], from: "/settings/team").status == 303
            )
            let path = try #require(try await link(accounts, to: "bob@example.com"))
            let bob = PanelBrowser(site)
            let page = try await bob.get(path)
            #expect(page.text.contains("Join the team of Ada Lovelace"))
            #expect(try await bob.post(path, ["name": "Bob", "password": TestPassword.good], from: path).status == 303)
            #expect(try await bob.get("/settings/team").text.contains("You help the team of Ada Lovelace"))
            #expect(
                try await bob.post("/settings/team", ["email": "x@example.com"], from: "/settings/team").status == 403
            )
            #expect(try await ada.get("/settings/team").text.contains("bob@example.com"))
        }
    }
}
