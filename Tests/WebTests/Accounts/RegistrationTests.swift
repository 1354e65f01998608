import Database
import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Registering where addresses have to be proved.
@Suite(.timeLimit(.minutes(5)))
struct RegistrationTests {
    private func withProof(_ body: @Sendable (TestSite, AccountsService) async throws -> Void) async throws {
        try await withPanelSite { site, accounts in
            try await accounts.settings.write(.verification, "true", at: Date(), on: accounts.database)
            accounts.settings.forget()
            try await body(site, accounts)
        }
    }

    @Test func theAnswerIsTheSameForEverybody() async throws {
        try await withProof { site, accounts in
            let first = try await PanelBrowser(site).register()
            #expect(first.status == 200)
            #expect(first.text.contains("Look at your mail"))
            #expect(AccessibilityLint(first.text).complaints == [])
            try await accounts.database.execute("UPDATE accounts SET email_verified_at = now()")
            let second = try await PanelBrowser(site).register()
            #expect(second.status == 200 && second.text == first.text)
            let body = #"{"email":"ada@example.com","name":"Ada","password":"\#(TestPassword.good)"}"#
            #expect(try await site.post("/api/register", json: body).status == 202)
            #expect(try await site.post("/api/register", json: body.replacing("ada", with: "eve")).status == 202)
        }
    }

    @Test func theLinkOpensTheAccount() async throws {
        try await withProof { site, accounts in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            #expect(browser.cookies["wharf-login"] == nil)
            #expect(try await browser.logIn().status == 401)
            let row = try await accounts.database.queryOne("SELECT body FROM mail_outbox")
            let mail: String = try #require(try row?.decode("body"))
            let path = String(try #require(mail.firstMatch(of: #/http:\/\/127\.0\.0\.1:8080(\/\S+)/#)).1)
            #expect(try await browser.post(path, [:], from: path)["Location"] == "/login")
            #expect(try await browser.logIn().status == 303)
            #expect(try await browser.get("/dashboard").status == 200)
        }
    }
}
