import Accounts
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct LoginTests {
    @Test func registeringLogsIn() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            let reply = try await browser.register()
            #expect(reply.status == 303)
            #expect(reply["Location"] == "/dashboard")
            let dashboard = try await browser.get("/dashboard")
            #expect(dashboard.status == 200)
            #expect(dashboard.text.contains("Ada Lovelace"))
            #expect(AccessibilityLint(dashboard.text).complaints == [])
        }
    }

    @Test func loggingOutAndInAgain() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let out = try await browser.post("/logout", [:], from: "/dashboard")
            #expect(out["Location"] == "/login")
            #expect(try await browser.get("/dashboard")["Location"] == "/login")
            let wrong = try await browser.logIn(password: "not the password")
            #expect(wrong.status == 401)
            #expect(wrong.text.contains("The e-mail address or the password is wrong."))
            #expect(wrong.text.contains("value=\"ada@example.com\""))
            #expect(!wrong.text.contains("not the password"))
            #expect(try await browser.logIn().status == 303)
            #expect(try await browser.get("/dashboard").status == 200)
        }
    }

    @Test func theOldCookieIsOfNoUseAfterLoggingOut() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            let stolen = try #require(browser.cookies["wharf-login"])
            _ = try await browser.post("/logout", [:], from: "/dashboard")
            let thief = PanelBrowser(site)
            thief.set("wharf-login", stolen)
            #expect(try await thief.get("/dashboard").status == 303)
        }
    }

    /// Whoever plants a cookie in a browser does not share the session that its owner opens later.
    @Test func aPlantedCookieIsReplacedByLoggingIn() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            _ = try await browser.post("/logout", [:], from: "/dashboard")
            let planted = String(repeating: "A", count: 43)
            browser.set("wharf-login", planted)
            _ = try await browser.logIn()
            let own = try #require(browser.cookies["wharf-login"])
            #expect(own != planted)
            let attacker = PanelBrowser(site)
            attacker.set("wharf-login", planted)
            #expect(try await attacker.get("/dashboard").status == 303)
        }
    }

    @Test(arguments: [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/login",
        "/logout", " /dashboard", "/a\r\nSet-Cookie: x=1", "",
    ])
    func loggingInNeverLeadsElsewhere(next: String) async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            _ = try await browser.post("/logout", [:], from: "/dashboard")
            let reply = try await browser.logIn(next: next)
            #expect(reply["Location"] == "/dashboard")
            #expect(reply.all("Set-Cookie").allSatisfy { !$0.hasPrefix("x=") })
        }
    }

    @Test func loggingInLeadsBackToThePage() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            _ = try await browser.post("/logout", [:], from: "/dashboard")
            let away = try await browser.get("/dashboard?sort=-seen")
            let location = try #require(away["Location"])
            #expect(location == "/login?next=/dashboard%3Fsort%3D-seen")
            #expect(
                try await browser.get(location).text.contains("name=\"next\" value=\"/dashboard?sort=-seen\"")
            )
            #expect(
                try await browser.logIn(next: "/dashboard?sort=-seen")["Location"]
                    == "/dashboard?sort=-seen"
            )
        }
    }

    @Test func whatWasTypedIsKeptWhenRegisteringFails() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            let reply = try await browser.register("ada@", name: "<b>Ada</b>", password: "q7zx")
            #expect(reply.status == 422)
            #expect(reply.text.contains("value=\"ada@\""))
            #expect(reply.text.contains("value=\"&lt;b&gt;Ada&lt;/b&gt;\""))
            #expect(!reply.text.contains("q7zx"))
            #expect(AccessibilityLint(reply.text).complaints == [])
        }
    }

    @Test func anAddressHasOneAccount() async throws {
        try await withPanelSite { (site, _) async throws in
            _ = try await PanelBrowser(site).register()
            let reply = try await PanelBrowser(site).register(" ADA@example.com")
            #expect(reply.status == 409)
            #expect(reply.text.contains("There is an account with this address already"))
        }
    }

    @Test func tooManyLoginsWait() async throws {
        try await withPanelSite(logins: 2) { (site, _) async throws in
            let browser = PanelBrowser(site)
            for _ in 0..<2 {
                #expect(try await browser.logIn("eve@example.com", password: "wrong password").status == 401)
            }
            let reply = try await browser.logIn("eve@example.com", password: "wrong password")
            #expect(reply.status == 429)
            let wait = try #require(reply["Retry-After"].flatMap(Int.init))
            #expect((50...60).contains(wait))
        }
    }

    @Test func cookiesAreForOurPagesAlone() async throws {
        let secure = WebConfiguration.test { $0.publicURL = WebOrigin("https://wharf.example") }
        try await withPanelSite(configuration: secure) { (site, _) async throws in
            let browser = PanelBrowser(site)
            let reply = try await browser.register()
            let line = try #require(reply.all("Set-Cookie").first { $0.hasPrefix("__Host-wharf-login=") })
            for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] { #expect(line.contains(attribute)) }
            #expect(!line.contains("Domain"))
        }
    }

    @Test func formsNeedTheirToken() async throws {
        try await withPanelSite { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.get("/login")
            let form = ["email": "ada@example.com", "password": TestPassword.good]
            #expect(try await browser.send("/login", form).status == 403)
            #expect(try await browser.send("/login", form.merging(["csrf": "x"]) { $1 }).status == 403)
            let token = try #require(browser.cookies["wharf-form"])
            let foreign = ["Origin": "https://evil.example"]
            #expect(try await browser.send("/login", form.merging(["csrf": token]) { $1 }, foreign).status == 403)
        }
    }
}
