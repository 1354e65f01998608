import Foundation
import Testing

@testable import Accounts
@testable import Web

/// What the settings pages do, by calls.
@Suite(.timeLimit(.minutes(5)))
struct OwnAccountAPITests {
    @Test func settingsAreChangedByCalls() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try #require(try await ada.get("/deploy").csrf)
            func call(_ method: String, _ path: String, _ json: String = "{}") async throws -> WebReply {
                try await ada.call(method, "/api/account\(path)", json: json, token: token)
            }
            #expect(try await call("POST", "/confirm", #"{"password":"not it at all"}"#).status == 401)
            #expect(try await call("POST", "/confirm", #"{"password":"\#(TestPassword.good)"}"#).status == 204)
            #expect(try await call("POST", "/email", #"{"email":"new@example.com"}"#).status == 202)
            #expect(try await call("POST", "/email", #"{"email":"nonsense"}"#).status == 422)
            let proposed = try await call("POST", "/two-factor")
            #expect(proposed.status == 201)
            #expect((try proposed.json()["address"] as? String)?.hasPrefix("otpauth://totp/") == true)
            #expect(try await call("POST", "/two-factor/on", #"{"code":"000000"}"#).errorCode == "account.wrong_code")
            let account = try #require(try await accounts.account(withEmail: "ada@example.com"))
            let secret = try await accounts.secondFactorSecret(of: account.id)
            let code = TOTP.code(secret, step: TOTP.step(at: Date()))
            let on = try await call("POST", "/two-factor/on", #"{"code":"\#(code)"}"#)
            #expect((try on.json()["codes"] as? [String])?.count == 10)
            #expect((try await call("POST", "/two-factor/codes").json()["codes"] as? [String])?.count == 10)
            #expect(try await call("DELETE", "/two-factor").status == 204)
            #expect(try await call("GET", "/identities").text == #"{"identities":[]}"#)
            #expect(try await call("DELETE", "/devices").status == 204)
            #expect(try await call("POST", "/team/leave").status == 404)
            #expect(try await call("POST", "/password", #"{"password":"\#(TestPassword.other)"}"#).status == 204)
            _ = try await ada.deploy("Harbour helper", ["preset": "shop"])
            let export = try await call("GET", "/export")
            #expect(export.text.contains("Harbour helper"))
            let bots = try #require(try export.json()["bots"] as? [[String: Any]])
            #expect(bots.first?["approval"] as? String == "new")
            let automation = try #require(bots.first?["automation"] as? [String: Any])
            #expect((automation["rules"] as? [Any])?.count == 3)
            let gone = try await call("DELETE", "")
            #expect(gone.status == 204)
            #expect(gone.all("Set-Cookie").contains { $0.hasPrefix("wharf-login=;") })
            #expect(try await accounts.account(withEmail: "ada@example.com") == nil)
        }
    }

    @Test func sensitiveChangesAreNotForKeys() async throws {
        try await withPanelSite { site, _ in
            _ = try await PanelBrowser(site).register()
            let login = #"{"email":"ada@example.com","password":"\#(TestPassword.good)"}"#
            let token = try #require(try await site.post("/api/login", json: login).json()["accessToken"] as? String)
            let fields = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
            for (method, path, json) in [
                ("POST", "email", #"{"email":"new@example.com"}"#), ("DELETE", "", "{}"),
                ("POST", "password", #"{"password":"\#(TestPassword.other)"}"#), ("POST", "two-factor", "{}"),
                ("DELETE", "two-factor", "{}"),
            ] {
                let path = path.isEmpty ? "/api/account" : "/api/account/\(path)"
                let reply = try await site.request(method, path, fields, body: Array(json.utf8))
                #expect(reply.errorCode == "account.confirmation_needed", "\(method) \(path)")
            }
        }
    }
}
