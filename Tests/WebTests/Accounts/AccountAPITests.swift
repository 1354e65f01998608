import Accounts
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct AccountAPITests {
    private func logIn(_ site: TestSite, _ name: String = "email") async throws -> [String: Any] {
        let body = #"{"\#(name)":"ada@example.com","password":"\#(TestPassword.good)"}"#
        let reply = try await site.post("/api/login", json: body)
        #expect(reply.status == 200)
        #expect(reply["Cache-Control"] == "no-store")
        return try reply.json()
    }

    @Test(arguments: ["email", "username"])
    func aProgramLogsIn(field: String) async throws {
        try await withPanelSite { (site, _) async throws in
            _ = try await PanelBrowser(site).register()
            let answer = try await logIn(site, field)
            let token = try #require(answer["accessToken"] as? String)
            #expect(answer["token"] as? String == token)
            #expect(answer["expiresIn"] as? Int == 900)
            let account = try await site.get("/api/account", ["Authorization": "Bearer \(token)"])
            #expect(try account.json()["name"] as? String == "Ada Lovelace")
            #expect(try await site.request("POST", "/api/logout", ["Authorization": "Bearer \(token)"]).status == 204)
            #expect(try await site.get("/api/account", ["Authorization": "Bearer \(token)"]).status == 401)
        }
    }

    @Test func aRefreshTokenIsUsedOnce() async throws {
        try await withPanelSite { (site, _) async throws in
            _ = try await PanelBrowser(site).register()
            let first = try #require(try await logIn(site)["refreshToken"] as? String)
            let second = try await site.post("/api/login/refresh", json: #"{"refreshToken":"\#(first)"}"#)
            #expect(second.status == 200)
            let again = try await site.post("/api/login/refresh", json: #"{"refreshToken":"\#(first)"}"#)
            #expect(again.status == 401)
            #expect(again.errorCode == "token.reused")
            let newest = try #require(try second.json()["refreshToken"] as? String)
            let late = try await site.post("/api/login/refresh", json: #"{"refreshToken":"\#(newest)"}"#)
            #expect(late.errorCode == "token.invalid")
        }
    }

    @Test(arguments: [
        (#"{}"#, 422), (#"{"email":"ada@example.com"}"#, 422), (#"{"email":1,"password":"x"}"#, 422), ("[]", 400),
        ("{", 400), (#"{"email":"a","password":"b","role":"admin"}"#, 422),
        (#"{"email":"ada@example.com","password":"wrong password"}"#, 401),
        (#"{"email":"ada@example.com' OR '1'='1","password":"x"}"#, 401),
    ])
    func badLoginsAreRefused(body: String, status: Int) async throws {
        try await withPanelSite { (site, _) async throws in
            _ = try await PanelBrowser(site).register()
            #expect(try await site.post("/api/login", json: body).status == status)
        }
    }

    @Test(arguments: ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer wharf_x", "Bearer a.b.c", "bearer  x y"])
    func badTokensAreRefused(field: String) async throws {
        try await withPanelSite { (site, _) async throws in
            let reply = try await site.get("/api/account", ["Authorization": field])
            #expect(reply.status == 401)
            #expect(reply.errorCode == "request.login_needed")
        }
    }

    @Test func largeBodiesAreRefused() async throws {
        try await withPanelSite { (site, _) async throws in
            let body = #"{"email":"\#(String(repeating: "x", count: 20_000))","password":"x"}"#
            #expect(try await site.post("/api/login", json: body).status == 413)
        }
    }

    @Test func tooManyCallsWait() async throws {
        try await withPanelSite(configuration: .test { $0.callsPerMinute = 3 }) { (site, _) async throws in
            for _ in 0..<3 { #expect(try await site.get("/api/account").status == 401) }
            let reply = try await site.get("/api/account")
            #expect(reply.status == 429)
            #expect(reply.errorCode == "request.too_many_calls")
            #expect(reply["Retry-After"].flatMap(Int.init).map { (1...20).contains($0) } == true)
        }
    }

    @Test func tooManyWritesWait() async throws {
        try await withPanelSite(configuration: .test { $0.writesPerMinute = 2 }) { (site, _) async throws in
            _ = try await PanelBrowser(site).register()
            let token = try #require(try await logIn(site)["accessToken"] as? String)
            let fields = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
            for number in 0..<2 {
                let body = Array(#"{"name":"Ada \#(number)"}"#.utf8)
                #expect(try await site.request("PATCH", "/api/account", fields, body: body).status == 200)
            }
            let body = Array(#"{"name":"Ada"}"#.utf8)
            #expect(try await site.request("PATCH", "/api/account", fields, body: body).status == 429)
            #expect(try await site.get("/api/account", ["Authorization": "Bearer \(token)"]).status == 200)
        }
    }

    @Test func administratorsSeeEverybodyAndOthersNobody() async throws {
        try await withPanelSite { (site, accounts) async throws in
            _ = try await accounts.provideAdministrator(email: "root@example.com", password: TestPassword.good)
            _ = try await PanelBrowser(site).register()
            let body = #"{"email":"root@example.com","password":"\#(TestPassword.good)"}"#
            let root = try #require(try await site.post("/api/login", json: body).json()["accessToken"] as? String)
            let list = try await site.get("/api/admin/accounts?q=ada", ["Authorization": "Bearer \(root)"]).json()
            let found = try #require(list["accounts"] as? [[String: Any]])
            #expect(found.map { $0["email"] as? String } == ["ada@example.com"])
            let path = "/api/admin/accounts/\(found[0]["id"] as? String ?? "")"
            let fields = ["Authorization": "Bearer \(root)", "Content-Type": "application/json"]
            // What a program holds does not change who somebody is: that wants a browser and a fresh proof.
            let changed = try await site.request("PATCH", path, fields, body: Array(#"{"status":"suspended"}"#.utf8))
            #expect(changed.status == 403)
            #expect(changed.errorCode == "account.confirmation_needed")
            let bad = try await site.request("PATCH", path, fields, body: Array(#"{"role":"king"}"#.utf8))
            #expect(bad.status == 422)
            let audit = try await site.get("/api/admin/audit?action=account.registered", fields).json()
            #expect((audit["lines"] as? [[String: Any]])?.count == 1)
            // Neither nothing nor heaps of marks above one letter are more than a search or a login that finds nobody.
            #expect(try await site.get("/api/admin/accounts?q=a%00b", fields).status == 200)
            #expect(try await site.get("/api/admin/audit?q=a%00b", fields).status == 200)
            let marks = String(repeating: "\u{301}", count: 2_000)
            for email in ["a\\u0000@example.com", "a\(marks)@example.com"] {
                let reply = try await site.post("/api/login", json: #"{"email":"\#(email)","password":"x"}"#)
                #expect((400..<500).contains(reply.status))
            }
        }
    }

    @Test func aProgramRegistersAndResetsItsPassword() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let body = #"{"email":"ada@example.com","name":"Ada","password":"\#(TestPassword.good)"}"#
            let made = try await site.post("/api/register", json: body)
            #expect(made.status == 201)
            #expect(try made.json()["role"] as? String == "user")
            #expect(try await site.post("/api/register", json: body).errorCode == "account.email_taken")
            #expect(try await logIn(site)["accessToken"] != nil)
            for email in ["ada@example.com", "eve@example.com"] {
                #expect(try await site.post("/api/password/forgot", json: #"{"email":"\#(email)"}"#).status == 202)
            }
            let wrong = #"{"token":"x","password":"\#(TestPassword.other)"}"#
            #expect(try await site.post("/api/password/reset", json: wrong).status == 410)
        }
    }

    @Test func administratorsAnnounceAndSet() async throws {
        try await withPanelSite { (site, accounts) async throws in
            _ = try await accounts.provideAdministrator(email: "root@example.com", password: TestPassword.good)
            let body = #"{"email":"root@example.com","password":"\#(TestPassword.good)"}"#
            let root = try #require(try await site.post("/api/login", json: body).json()["accessToken"] as? String)
            let fields = ["Authorization": "Bearer \(root)", "Content-Type": "application/json"]
            func send(_ method: String, _ path: String, _ json: String) async throws -> WebReply {
                try await site.request(method, path, fields, body: Array(json.utf8))
            }
            let path = "/api/admin/announcements"
            #expect(try await send("POST", path, #"{"message":"Tonight","kind":"warning"}"#).status == 201)
            #expect(try await send("POST", path, #"{"message":"x","endsAt":"2001-01-01T00:00:00Z"}"#).status == 422)
            #expect(try await send("POST", path, #"{"message":"x","endsAt":"soon"}"#).status == 422)
            #expect(try await send("POST", path, #"{"message":"x","kind":"loud"}"#).status == 422)
            let all = try #require(try await site.get(path, fields).json()["announcements"] as? [[String: Any]])
            #expect(all.map { $0["message"] as? String } == ["Tonight"])
            let id = try #require(all.first?["id"] as? String)
            #expect(try await site.request("DELETE", "\(path)/\(id)", fields).status == 204)
            #expect(try await site.request("DELETE", "\(path)/\(id)", fields).status == 404)
            let set = try await send("PATCH", "/api/admin/settings", #"{"registrationOpen":false}"#)
            #expect(try set.json()["registrationOpen"] as? Bool == false)
            let closed = #"{"email":"ada@example.com","name":"Ada","password":"\#(TestPassword.good)"}"#
            #expect(try await site.post("/api/register", json: closed).errorCode == "account.registration_closed")
        }
    }
}
