import Database
import Foundation
import Testing

@testable import Accounts
@testable import Bots
@testable import Web

/// What keys, cookies and sockets may do with bots, and for how long.
@Suite(.timeLimit(.minutes(5)))
struct RightsTests {
    private func key(
        _ accounts: AccountsService,
        _ email: String,
        _ scopes: Set<String>
    ) async throws -> [String: String] {
        let account = try #require(try await accounts.account(withEmail: email))
        let viewer = Viewer(
            account: account,
            credential: .browser(LoginSessionID()),
            confirmedAt: Date(),
            caller: .console
        )
        let (_, text) = try await accounts.makeKey(name: "k", scopes: scopes, expiresAt: nil, by: viewer)
        return ["Authorization": "Bearer \(text.text)", "Content-Type": "application/json"]
    }

    @Test func aKeyIsAnAdministratorsOnlyWithThatScope() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            _ = try await site.administrator(accounts)
            let plain = try await key(accounts, "root@example.com", ["bots:read", "bots:write"])
            for path in ["/api/instances/\(id)", "/api/bots/\(id)", "/api/bots/\(id)/logs"] {
                #expect(try await site.get(path, plain).status == 404, "\(path)")
            }
            #expect(try await site.get("/api/instances", plain).text == "[]")
            #expect(try await site.get("/api/server-info", plain).json()["total_bots"] as? Int == 0)
            let stop = try await site.request("POST", "/api/bots/\(id)/stop", plain, body: [])
            #expect(stop.status == 404)
            let approve = try await site.request(
                "POST",
                "/api/instances/\(id)/approve",
                plain,
                body: Array(#"{"duration_months":1}"#.utf8)
            )
            #expect(approve.errorCode == "request.scope_missing")
            let all = try await key(accounts, "root@example.com", ["bots:read", "admin"])
            #expect(try await site.get("/api/instances/\(id)", all).status == 200)
        }
    }

    @Test func aKeyThatReadsDoesNotWrite() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let reading = try await key(accounts, "ada@example.com", ["bots:read", "account:read"])
            let body = Array("{}".utf8)
            for (method, path) in [
                ("POST", "/api/bots"), ("PATCH", "/api/bots/\(id)"), ("DELETE", "/api/bots/\(id)"),
                ("POST", "/api/bots/\(id)/start"), ("POST", "/api/bots/\(id)/link"),
                ("PUT", "/api/bots/\(id)/environment"), ("POST", "/api/instances"), ("DELETE", "/api/instances/\(id)"),
                ("POST", "/api/instances/\(id)/stop"), ("GET", "/api/instances/\(id)/pairing-code"),
                ("POST", "/api/instances/\(id)/regenerate-code"), ("PATCH", "/api/account"),
                ("POST", "/api/account/keys"),
            ] {
                let reply = try await site.request(method, path, reading, body: method == "GET" ? nil : body)
                #expect(reply.errorCode == "request.scope_missing", "\(method) \(path): \(reply.status)")
            }
            #expect(try await site.get("/api/bots/\(id)", reading).status == 200)
        }
    }

    /// A link to it on somebody else's page must not ask WhatsApp for a code.
    @Test func aCodeIsNotAskedForByACookieAlone() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/api/instances/\(id)/pairing-code"
            #expect(try await ada.get(path).status == 403)
            let token = try #require(try await ada.get("/deploy").csrf)
            // The bot has no number: asked for in earnest.
            #expect(try await ada.call("GET", path, token: token).errorCode == "bot.phone_missing")
        }
    }

    @Test func aListThatIsSentTwiceRenewsOnce() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let root = try await site.administrator(accounts)
            let chosen = try await root.chosen(id)
            let approve = ["action": "approve", "months": "1", "bot": chosen]
            #expect(try await root.post("/admin/bots", approve, from: "/admin/bots").status == 303)
            let renew = ["action": "renew", "months": "1", "bot": try await root.chosen(id)]
            async let first = root.post("/admin/bots", renew, from: "/admin/bots")
            async let second = root.post("/admin/bots", renew, from: "/admin/bots")
            #expect(try await Set([first.status, second.status]) == [303, 200])
            #expect(try await ada.get("/bots/\(id)/history").text.matches(of: /Renewed/).count == 1)
        }
    }

    @Test func offersTellNothingOfAddresses() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            _ = try await PanelBrowser(site).register("bob@example.com", name: "Bob")
            _ = try await PanelBrowser(site).register("kim@example.com", name: "Kim")
            try await accounts.database.execute("UPDATE accounts SET role = 'agent' WHERE email = 'kim@example.com'")
            let id = try await ada.deploy("Helper")
            var answers: Set<String> = []
            for name in ["bob", "kim", "nobody"] {
                let form = ["recipient": "\(name)@example.com"]
                let reply = try await ada.post("/bots/\(id)/transfer", form, from: "/bots/\(id)/settings")
                let page = try await ada.get("/bots/\(id)/settings").text
                let shown = try #require(page.firstMatch(of: /Offered to [a-z@.]+/)).output
                #expect(shown.hasSuffix("\(name)@example.com"))
                answers.insert("\(reply.status) \(reply["Location"] ?? "")")
            }
            #expect(answers.count == 1)
            var last = 0
            for _ in 0..<8 {
                let form = ["recipient": "nobody@example.com"]
                last = try await ada.post("/bots/\(id)/transfer", form, from: "/bots/\(id)/settings").status
            }
            #expect(last == 429)
        }
    }

    @Test func maintenanceHoldsForTheOlderAPIToo() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            _ = try await root.post("/admin/maintenance", ["switch": "on", "text": "x"], from: "/admin/system")
            let register = #"{"email":"eve@example.com","name":"Eve","password":"\#(TestPassword.good)"}"#
            #expect(try await site.post("/api/register", json: register).status == 503)
            let token = try #require(try await ada.get("/deploy").csrf)
            let body = #"{"name":"Helper","phone_number":"+1 555 000 1111"}"#
            #expect(try await ada.call("POST", "/api/instances", json: body, token: token).status == 503)
            #expect(try await ada.call("POST", "/api/bots", json: #"{"name":"Helper"}"#, token: token).status == 503)
        }
    }

    // MARK: Sockets

    private func socket(_ browser: PanelBrowser) async throws -> BrowserClient {
        let cookie = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return try await BrowserClient(browser.site, fields: ["Cookie": cookie])
    }

    @Test func aTopicEndsWithTheLogin() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let client = try await socket(ada)
            try await client.send(#"{"subscribe":"bot:\#(id):log"}"#)
            _ = try await client.event("lines")
            _ = try await ada.post("/logout", [:], from: "/dashboard")
            #expect(try await client.errorCode() == "request.login_needed")
            try await client.send(#"{"subscribe":"bot:\#(id):log"}"#)
            #expect(try await client.errorCode() == "bot.unknown")
        }
    }

    @Test func aTopicEndsWithTheAccountsRights() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            try await accounts.database.execute(
                """
                INSERT INTO team_members (member_id, owner_id, joined_at)
                SELECT member.id, owner.id, now() FROM accounts AS member, accounts AS owner
                WHERE member.email = 'bob@example.com' AND owner.email = 'ada@example.com'
                """
            )
            let id = try await ada.deploy("Helper")
            let shared = try await ada.post(
                "/bots/\(id)/share",
                ["email": "bob@example.com"],
                from: "/bots/\(id)/settings"
            )
            #expect(shared.status == 303)
            let client = try await socket(bob)
            try await client.send(#"{"subscribe":"bot:\#(id):log"}"#)
            _ = try await client.event("lines")
            let member = try #require(try await accounts.account(withEmail: "bob@example.com")).id
            _ = try await ada.post(
                "/bots/\(id)/unshare",
                ["member": "\(member)"],
                from: "/bots/\(id)/settings"
            )
            let error = try #require(try await client.receiveJSON()["error"] as? [String: Any])
            #expect(error["code"] as? String == "bot.unknown")
            #expect(error["topic"] as? String == "bot:\(id):log")
        }
    }

    @Test func aSuspendedAccountHearsNothingMore() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let client = try await socket(ada)
            try await client.send(#"{"subscribe":"bot:\#(id):log"}"#)
            _ = try await client.event("lines")
            let root = try await site.administrator(accounts)
            let account = try #require(try await accounts.account(withEmail: "ada@example.com")).id
            let path = "/admin/accounts/\(account)"
            let reply = try await root.post("\(path)/suspend", [:], from: path)
            #expect(reply.status == 303)
            #expect(try await client.errorCode() == "request.login_needed")
        }
    }
}

extension PanelBrowser {
    /// What the list of all bots sends for a bot that is ticked: its id, and the version that is shown.
    func chosen(_ id: String) async throws -> String {
        let page = try await get("/admin/bots").text
        return String(try #require(page.firstMatch(of: try Regex("value=\"(\(id):[0-9]+)\""))?.output[1].substring))
    }
}
