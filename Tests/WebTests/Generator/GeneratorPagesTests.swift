import Fleet
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct GeneratorPagesTests {
    /// Opens the page and returns its token and cookie.
    private func open(_ site: TestSite) async throws -> (token: String, cookie: String) {
        let page = try await site.get("/generate")
        let token = try #require(page.text.firstMatch(of: #/name="csrf" value="([^"]+)"/#))
        return (String(token.1), try #require(page.cookie))
    }

    @Test func thePageHoldsATokenThatItsCookieRepeats() async throws {
        try await withSite { (site) async throws in
            let (token, cookie) = try await open(site)
            #expect(cookie == "wharf-form=\(token)")
            let page = try await site.get("/generate")
            #expect(page["Set-Cookie"]?.contains("; HttpOnly; SameSite=Strict") == true)
            let again = try await site.get("/generate", ["Cookie": cookie])
            #expect(again["Set-Cookie"] == nil)
            #expect(again.text.contains("value=\"\(token)\""))
            #expect(page["Cache-Control"]?.contains("private") == true)
        }
    }

    @Test func theFormNamesBotsFormsAndLimits() async throws {
        var limits = GeneratorConfiguration()
        limits.attemptsPerHour = 7
        limits.lifetime = .seconds(360)
        try await withSite(limits: limits) { (site) async throws in
            let html = try await site.get("/generate").text
            #expect(html.contains("data-attempts-per-hour=\"7\""))
            #expect(html.contains("A try lasts 6 minutes"))
            for id in ["tilde-gzip", "tilde", "semicolons-gzip", "exclamation-gzip", "bare", "creds.json"] {
                #expect(html.contains("<option value=\"\(id)\""))
            }
            #expect(html.contains("data-prefix=\"KnightBot\""))
            #expect(!html.contains("sandbox-scan"))
        }
    }

    @Test func withoutAScriptAPhoneIsLinkedByReloading() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let (token, cookie) = try await open(site)
            let form = ["csrf": token, "method": "qr", "dialect": "tilde", "prefix": "BOT", "country": "", "phone": ""]
            let begun = try await site.post("/generate", form: form, cookie: cookie)
            #expect(begun.status == 303)
            let path = try #require(begun["Location"])
            let id = String(path.dropFirst("/generate/".count))
            _ = try await site.follow(id).event("qr")

            let page = try await site.get(path, ["Cookie": cookie])
            #expect(page.status == 200)
            #expect(page["Cache-Control"] == "no-store")
            #expect(page.text.contains("<meta http-equiv=\"refresh\" content=\"5\">"))
            #expect(page.text.contains("src=\"/api/session/qr/\(id)\""))
            #expect(page.text.contains("noindex"))
            #expect(AccessibilityLint(page.text).complaints == [])

            #expect(try await site.post("/api/sandbox/scan", json: #"{"attempt":"\#(id)"}"#).status == 204)
            _ = try await site.follow(id).event("session-generated")
            let done = try await site.get(path, ["Cookie": cookie])
            #expect(done.text.contains("BOT~"))
            #expect(!done.text.contains("http-equiv=\"refresh\""))
            #expect(done.text.contains("Your phone is linked"))
            #expect(AccessibilityLint(done.text).complaints == [])

            let wiped = try await site.post("\(path)/delete", form: ["csrf": token], cookie: cookie)
            #expect(wiped.status == 303)
            let gone = try await site.get(path)
            #expect(gone.status == 410)
            #expect(gone.text.contains("This is over"))
            // Pressed a second time.
            #expect(try await site.post("\(path)/delete", form: ["csrf": token], cookie: cookie).status == 303)
        }
    }

    @Test func withoutAScriptACodeIsShown() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let (token, cookie) = try await open(site)
            let form = ["csrf": token, "method": "code", "country": "1", "phone": "0555 000 4444", "dialect": "bare"]
            let begun = try await site.post("/generate", form: form, cookie: cookie)
            let path = try #require(begun["Location"])
            let id = String(path.dropFirst("/generate/".count))
            let code = try #require(try await site.follow(id).event("pairing-code")["code"] as? String)
            let page = try await site.get(path)
            #expect(page.text.contains("\(code.prefix(4))-\(code.suffix(4))"))
            #expect(!page.text.contains("data-testid=\"qr\""))
            // The number lost its zero and got its country.
            let linked = try await site.post("/api/sandbox/link", json: #"{"attempt":"\#(id)","code":"\#(code)"}"#)
            #expect(linked.status == 204, "\(linked.text)")
        }
    }

    @Test(arguments: [
        (["method": "code", "phone": "12", "country": "49"], "phone-error", "too short"),
        (["method": "code", "phone": "5550001111", "country": ""], "phone-error", "Choose the country"),
        (["method": "code", "phone": "", "country": "49"], "phone-error", "Type the phone number"),
        (["method": "code", "phone": "<b>", "country": "49"], "phone-error", "only digits"),
        (["method": "qr", "prefix": "a b"], "prefix-error", "letters, digits"),
    ])
    func mistakesAreShownBesideTheirField(fields: [String: String], place: String, words: String) async throws {
        try await withSite { (site) async throws in
            let (token, cookie) = try await open(site)
            let page = try await site.post("/generate", form: fields.merging(["csrf": token]) { $1 }, cookie: cookie)
            #expect(page.status == 422)
            let beside = try #require(page.text.firstMatch(of: try Regex("id=\"\(place)\"[^>]*>([^<]*)<")))
            #expect(String(beside.output[1].substring ?? "").contains(words))
            #expect(page.text.contains("aria-invalid=\"true\""))
            #expect(page.text.contains("value=\"\(token)\""))
            #expect(!page.text.contains("<b>\""))
            if fields["country"] == "49" { #expect(page.text.contains("<option value=\"49\" selected>")) }
            if let prefix = fields["prefix"] { #expect(page.text.contains("value=\"\(prefix)\"")) }
            #expect(AccessibilityLint(page.text).complaints == [])
        }
    }

    @Test func whatIsSentIsEscaped() async throws {
        try await withSite { (site) async throws in
            let (token, cookie) = try await open(site)
            let evil = "\"><script>x</script>"
            let form = [
                "csrf": token, "method": "code", "phone": evil, "prefix": evil, "country": evil, "dialect": evil,
            ]
            let page = try await site.post("/generate", form: form, cookie: cookie)
            #expect(page.status == 422)
            #expect(!page.text.contains("<script>x"))
        }
    }

    @Test func aFormWithoutItsTokenIsRefused() async throws {
        try await withSite { (site) async throws in
            let (token, cookie) = try await open(site)
            for (form, held) in [
                (["method": "qr"], cookie), (["method": "qr", "csrf": token], nil),
                (["method": "qr", "csrf": "x"], cookie),
                (["method": "qr", "csrf": token], "wharf-form=x"),
            ] as [([String: String], String?)] {
                let page = try await site.post("/generate", form: form, cookie: held)
                #expect(page.status == 403)
                #expect(page.text.contains("open the page again"))
                let path = "/generate/AAAAAAAAAAAAAAAAAAAAAAAA/delete"
                #expect(try await site.post(path, form: form, cookie: held).status == 403)
            }
        }
    }

    @Test func withoutADatabaseThePageSaysSo() async throws {
        try await withSite { (site) async throws in
            let (token, cookie) = try await open(site)
            let page = try await site.post("/generate", form: ["csrf": token, "method": "qr"], cookie: cookie)
            #expect(page.status == 503)
            #expect(page["Retry-After"] == "60")
            #expect(page.text.contains("cannot check its limits"))
        }
    }

    @Test func theSandboxHasItsButtons() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let html = try await site.get("/generate").text
            #expect(html.contains("data-testid=\"sandbox-scan\""))
            #expect(html.contains("class=\"sandbox-bar\""))
        }
    }
}
