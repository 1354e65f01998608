import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct LinkingCodeTests {
    /// The code that somebody asks for anew is another one, and good.
    @Test func aCodeIsAskedForAnew() async throws {
        try await withRunningBots { site, accounts, sandbox in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            let made = try await root.call(
                "POST",
                "/api/instances",
                json: #"{"name":"Helper","phone_number":"15550001111"}"#,
                token: token
            )
            let id = try made.field("id")
            #expect(try await root.call("GET", "/api/instances?status=new", token: token).text.contains(id))
            let path = "/api/instances/\(id)"
            let first = try await root.call("GET", path + "/pairing-code", token: token)
            #expect(first.status == 200)
            let again = try await root.call("GET", path + "/pairing-code", token: token)
            #expect(try again.field("pairing_code") == first.field("pairing_code"))
            let fresh = try await root.call("POST", path + "/regenerate-code", token: token)
            #expect(fresh.status == 200)
            let code = try fresh.field("pairing_code")
            #expect(try code != first.field("pairing_code"))
            // The page offers both while a phone is being linked, and the form without scripts does the same.
            let page = try await root.get("/bots/\(id)").text
            #expect(page.contains("regenerate-code") && page.contains("stop-linking"))
            #expect(!page.contains("id=\"link-more\" hidden"))
            try await sandbox.enterCode(code, at: "15550001111")
            try await eventually {
                try await root.get("/api/bots/\(id)").json()["jid"] is String
            }
            #expect(try await root.call("GET", path + "/pairing-code", token: token).errorCode == "bot.already_linked")
        }
    }

    @Test func linkingIsStoppedByAForm() async throws {
        try await withRunningBots { site, accounts, _ in
            let root = try await site.administrator(accounts)
            let id = try await root.deploy("Helper")
            let page = "/bots/\(id)"
            #expect(try await root.post("\(page)/link", [:], from: page).status == 303)
            try await eventually { try await run(of: id, root) == "linking" }
            #expect(try await root.post("\(page)/stop-linking", [:], from: page).status == 303)
            try await eventually { try await run(of: id, root) == "stopped" }
        }
    }

    private func run(of bot: String, _ browser: PanelBrowser) async throws -> String? {
        (try await browser.get("/api/bots/\(bot)").json()["run"] as? [String: Any])?["value"] as? String
    }
}
