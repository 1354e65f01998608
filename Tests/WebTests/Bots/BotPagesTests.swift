import Accounts
import Bots
import Fleet
import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct BotPagesTests {
    private static let parts = ["", "/log", "/environment", "/history", "/settings"]

    @Test(arguments: ["en", "id"])
    func aBotIsDeployedAndItsPagesAreWhole(language: String) async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            ada.set("language", language)
            let empty = try await ada.get("/dashboard")
            #expect(empty.text.contains("data-testid=\"empty\""))
            let id = try await ada.deploy("Harbour <helper>")
            for part in Self.parts {
                let page = try await ada.get("/bots/\(id)\(part)")
                #expect(page.status == 200, "\(part)")
                #expect(page.text.contains("Harbour &lt;helper&gt;"), "\(part)")
                #expect(AccessibilityLint(page.text).complaints == [], "\(part)")
            }
            for path in ["/dashboard", "/deploy", "/expired", "/dashboard?state=new&sort=name&order=reversed&q=harb"] {
                let page = try await ada.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(AccessibilityLint(page.text).complaints == [], "\(path)")
            }
            let approval = language == "en" ? "Pending approval" : "Menunggu persetujuan"
            #expect(try await ada.get("/dashboard").text.contains(approval))
            let log = try await ada.get("/bots/\(id)/log/download")
            #expect(log["Content-Disposition"]?.hasPrefix("attachment") == true)
            #expect(log.text.contains("INFO The bot has been created."))
        }
    }

    @Test func aFormThatCannotBeTakenKeepsWhatWasTyped() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let form = [
                "name": "Helper", "prefix": "too long", "way": "paste", "sessionID": "secret~text", "phone": "1",
                "env-WARN_LIMIT": "7", "free-name": "MINE", "free-value": "kept",
            ]
            let reply = try await ada.post("/deploy", form, from: "/deploy")
            #expect(reply.status == 422)
            #expect(reply.text.contains("value=\"Helper\""))
            #expect(reply.text.contains("value=\"7\""))
            #expect(reply.text.contains("value=\"MINE\""))
            // A session ID stands in no page.
            #expect(!reply.text.contains("secret~text"))
            let unreadable = try await ada.post("/deploy", form.merging(["prefix": "!"]) { $1 }, from: "/deploy")
            #expect(unreadable.status == 422)
            #expect(!unreadable.text.contains("secret~text"))
            let page = try await ada.post(
                "/deploy",
                form.merging(["prefix": "!", "way": "link", "env-WARN_LIMIT": "99"]) { $1 },
                from: "/deploy"
            )
            #expect(page.status == 422)
            #expect(page.text.contains("whole number from 1 to 20"))
        }
    }

    @Test func aFormThatIsSentTwiceDeploysOnce() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let page = try await ada.get("/deploy")
            let once = try #require(page.text.firstMatch(of: #/name="once" value="([0-9a-f-]{36})"/#)?.1)
            var form = ["name": "Helper", "prefix": "!", "way": "link", "once": String(once)]
            form["csrf"] = page.csrf
            let sent = form
            async let first = ada.send("/deploy", sent)
            async let second = ada.send("/deploy", sent)
            #expect(try await [first["Location"], second["Location"]] == ["/bots/\(once)", "/bots/\(once)"])
            #expect(try await ada.send("/deploy", sent)["Location"] == "/bots/\(once)")
            // Somebody else's form under the same id makes a bot of the own.
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            form["csrf"] = try await eve.get("/deploy").csrf
            let other = try #require(try await eve.send("/deploy", form)["Location"])
            #expect(other != "/bots/\(once)")
            #expect(try await eve.get(other).status == 200)
            let list = try await ada.get("/dashboard").text
            #expect(list.matches(of: /data-testid="bot-row"/).count == 1)
        }
    }

    /// Every address that names a bot, asked by somebody else.
    @Test func somebodyElsesBotDoesNotExist() async throws {
        let routes = try allRoutes()
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            let token = try #require(try await eve.get("/deploy").csrf)
            for route in routes where route.path.contains("bots/{id}") || route.path.contains("instances/{id}") {
                if case .may(let permission) = route.access, !Role.user.may(permission) { continue }
                if case .api(let scope) = route.access, !Role.user.may(scope.permission) { continue }
                let path = route.path.replacing("{id}", with: id)
                let name = "\(route.method.rawValue) \(route.path)"
                let reply: WebReply
                if route.isForMachines {
                    reply = try await eve.call(route.method.rawValue, path, token: token)
                } else if route.method == .post {
                    reply = try await eve.send(
                        path,
                        [
                            "csrf": token, "months": "1", "name": "x", "prefix": "!", "recipient": "ada@example.com",
                            "email": "ada@example.com", "member": id, "confirmation": "Helper",
                        ]
                    )
                } else {
                    reply = try await eve.get(path)
                }
                // Bodies that do not fit are refused before anybody looks for the bot.
                #expect(reply.status == 404 || reply.status == 422, "\(name): \(reply.status)")
                #expect(!reply.text.contains("Helper"), "\(name)")
            }
            #expect(try await ada.get("/bots/\(id)").status == 200)
        }
    }

    @Test func anAdministratorApprovesManyAtOnce() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let root = try await site.administrator(accounts)
            for path in [
                "/admin/bots", "/admin/bots?state=new", "/admin/deployments", "/admin/plans", "/admin/logs",
                "/admin/system",
            ] {
                let page = try await root.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(AccessibilityLint(page.text).complaints == [], "\(path)")
            }
            let none = try await root.post("/admin/bots", ["action": "approve", "months": "3"], from: "/admin/bots")
            #expect(none.text.contains("Tick the bots first."))
            let form = ["action": "approve", "months": "3", "bot": try await root.chosen(id)]
            let reply = try await root.post("/admin/bots", form, from: "/admin/bots")
            #expect(reply.status == 303)
            // The same form once more changes nothing, and says why.
            let again = try await root.post("/admin/bots", form, from: "/admin/bots")
            #expect(again.text.contains("Somebody changed this in the meantime"))
            #expect(try await ada.get("/dashboard").text.contains("Helper is approved for 3 months and starts."))
            let kept = try await ada.post(
                "/bots/\(id)/delete",
                ["confirmation": "helper"],
                from: "/bots/\(id)/settings"
            )
            #expect(kept.status == 422)
            let gone = try await ada.post(
                "/bots/\(id)/delete",
                ["confirmation": "Helper"],
                from: "/bots/\(id)/settings"
            )
            #expect(gone["Location"] == "/dashboard")
            #expect(try await ada.get("/bots/\(id)").status == 404)
        }
    }

    @Test func maintenanceKeepsNewBotsOut() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let ada = PanelBrowser(site)
            _ = try await ada.register("ada@example.com")
            let old = try await ada.deploy("Old")
            let on = ["switch": "on", "text": "Back at noon"]
            #expect(try await root.post("/admin/maintenance", on, from: "/admin/system").status == 303)
            for page in ["/dashboard", "/deploy", "/bots/\(old)"] {
                #expect(try await ada.get(page).text.contains("Back at noon"), "\(page)")
            }
            let eve = PanelBrowser(site)
            #expect(try await eve.register("eve@example.com").status == 503)
            let transfer = ["recipient": "eve@example.com"]
            for (name, form) in [("link", [:]), ("redeploy", [:]), ("transfer", transfer)] {
                let reply = try await ada.post("/bots/\(old)/\(name)", form, from: "/bots/\(old)")
                #expect(reply.status == 503, "\(name)")
            }
            let reply = try await ada.post(
                "/deploy",
                ["name": "Helper", "prefix": "!", "way": "link"],
                from: "/deploy"
            )
            #expect(reply.status == 503)
            _ = try await root.post("/admin/maintenance", ["switch": "off"], from: "/admin/system")
            _ = try await ada.deploy("Helper")
        }
    }
}

extension PanelBrowser {
    /// Deploys a bot, and returns its id.
    func deploy(_ name: String, _ more: [String: String] = [:]) async throws -> String {
        let form = ["name": name, "prefix": "!", "way": "link"].merging(more) { $1 }
        let reply = try await post("/deploy", form, from: "/deploy")
        let location = try #require(reply["Location"])
        return String(try #require(location.split(separator: "/").last))
    }

    /// A call of the API as a script of our own page makes it.
    func call(
        _ method: String,
        _ path: String,
        json: String = "{}",
        token: String,
        key: String? = nil
    ) async throws -> WebReply {
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        var fields = [
            "Content-Type": "application/json", "Origin": "http://127.0.0.1:\(site.port)", "Cookie": cookie,
            "X-CSRF-Token": token,
        ]
        fields["Idempotency-Key"] = key
        return try await site.request(method, path, fields, body: method == "GET" ? nil : Array(json.utf8))
    }
}
