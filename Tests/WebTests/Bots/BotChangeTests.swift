import Foundation
import Testing
import WharfTestSupport

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct BotChangeTests {
    private func socket(_ browser: PanelBrowser) async throws -> BrowserClient {
        let cookie = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return try await BrowserClient(browser.site, fields: ["Cookie": cookie])
    }

    /// Nothing tells that a quiet topic is open; commands are taken in their order, so what is wrong with the next one does.
    private func follow(_ topic: String, on client: BrowserClient) async throws {
        try await client.send(#"{"subscribe":"\#(topic)"}"#)
        try await client.send(#"{"subscribe":"nothing:x"}"#)
        #expect(try await client.errorCode() != nil)
    }

    @Test func whoeverLooksHearsOfTheApproval() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let root = try await site.administrator(accounts)
            let own = try await socket(ada)
            try await follow("bots:own", on: own)
            let one = try await socket(ada)
            try await one.send(#"{"subscribe":"bot:\#(id)"}"#)
            _ = try await one.event("status")
            let all = try await socket(root)
            try await follow("bots:all", on: all)
            let version = try await root.chosen(id).split(separator: ":")[1]
            let form = ["months": "1", "version": String(version)]
            #expect(try await root.post("/bots/\(id)/approve", form, from: "/bots/\(id)").status == 303)
            #expect(try await own.event("changed")["bot"] as? String == id)
            _ = try await one.event("changed")
            #expect(try await all.event("changed")["bot"] as? String == id)
            let page = try await ada.get("/bots/\(id)").text
            #expect(page.contains("data-testid=\"stop\""))
        }
    }

    @Test func everybodysBotsAreForAdministrators() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let client = try await socket(ada)
            for topic in ["bots:all", "system:figures"] {
                try await client.send(#"{"subscribe":"\#(topic)"}"#)
                #expect(try await client.errorCode() != nil, "\(topic)")
            }
        }
    }

    @Test func aSearchKeepsWhatTheListIs() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            _ = try await root.deploy("Helper")
            for path in ["/dashboard", "/admin/bots"] {
                let page = try await root.get("\(path)?state=new&run=stopped&sort=name&order=reversed").text
                for kept in [("state", "new"), ("run", "stopped"), ("sort", "name"), ("order", "reversed")] {
                    let field = #"<input type="hidden" name="\#(kept.0)" value="\#(kept.1)">"#
                    #expect(page.contains(field), "\(path) \(kept.0)")
                }
            }
            #expect(try await root.get("/admin/bots?wish=true").text.contains(#"name="wish" value="true""#))
            let page = try await root.get("/dashboard?state=new&q=Help&sort=name&span=month").text
            #expect(page.contains("/dashboard?state=new&amp;q=Help&amp;sort=name&amp;span=hour"))
            #expect(page.contains(#"name="span" value="month""#))
        }
    }

    @Test func whoeverIsOfferedABotSeesThatAloneAndMayDecline() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let bob = PanelBrowser(site)
            _ = try await bob.register("bob@example.com", name: "Bob")
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            let id = try await ada.deploy("Helper")
            let page = "/bots/\(id)"
            let offer = ["recipient": "bob@example.com"]
            #expect(try await ada.post("\(page)/transfer", offer, from: "\(page)/settings").status == 303)
            let offered = try await bob.get(page)
            #expect(offered.status == 200)
            #expect(offered.text.contains("\(page)/decline") && offered.text.contains("\(page)/accept"))
            #expect(!offered.text.contains("\(page)/settings"))
            #expect(try await eve.get(page).status == 404)
            #expect(try await eve.post("\(page)/decline", [:], from: "/dashboard").status == 404)
            #expect(try await bob.post("\(page)/decline", [:], from: page).status == 303)
            #expect(try await bob.get(page).status == 404)
            #expect(try await bob.post("\(page)/accept", [:], from: "/dashboard").status == 404)
            #expect(try await ada.get(page).status == 200)
        }
    }

    /// An administrator sees every bot, and decides on the one that is offered as anybody else does.
    @Test func whoeverSeesTheBotAlreadyIsOfferedItToo() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let root = try await site.administrator(accounts)
            let page = "/bots/\(try await ada.deploy("Helper"))"
            #expect(!(try await root.get(page).text.contains("\(page)/accept")))
            let offer = ["recipient": "root@example.com"]
            #expect(try await ada.post("\(page)/transfer", offer, from: "\(page)/settings").status == 303)
            let offered = try await root.get(page)
            #expect(offered.text.contains("\(page)/accept") && offered.text.contains("\(page)/decline"))
            #expect(!(try await ada.get(page).text.contains("\(page)/accept")))
            #expect(try await root.post("\(page)/decline", [:], from: page).status == 303)
            #expect(!(try await root.get(page).text.contains("\(page)/accept")))
        }
    }

    /// What changed between the making of a page and its socket is told by the version.
    @Test func aPageLearnsThatItIsOld() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let root = try await site.administrator(accounts)
            let shown = try await ada.get("/bots/\(id)").text
            let version = try #require(try await root.chosen(id).split(separator: ":").last.flatMap { Int($0) })
            #expect(shown.contains("data-version=\"\(version)\""))
            let form = ["months": "1", "version": String(version)]
            #expect(try await root.post("/bots/\(id)/approve", form, from: "/bots/\(id)").status == 303)
            let client = try await socket(ada)
            try await client.send(#"{"subscribe":"bot:\#(id)"}"#)
            #expect(try #require(try await client.event("status")["version"] as? Int) > version)
        }
    }

    // MARK: The older API

    @Test func anUnknownOwnerIsNamed() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            for owner in ["\(UUID())", "nobody"] {
                let reply = try await root.call(
                    "POST",
                    "/api/instances",
                    json: #"{"name":"Helper","phone_number":"15550001111","owner_id":"\#(owner)"}"#,
                    token: token
                )
                #expect(reply.status == 422)
                let error = try #require(try reply.json()["error"] as? [String: Any])
                #expect(error["field"] as? String == "owner_id")
            }
        }
    }

    @Test func anAdministratorHasRoomForMore() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let token = try #require(try await root.get("/deploy").csrf)
            for number in 1...5 {
                let made = try await root.call(
                    "POST",
                    "/api/instances",
                    json: #"{"name":"Bot \#(number)","phone_number":"1555000111\#(number)"}"#,
                    token: token
                )
                #expect(made.status == 201, "\(number): \(made.text)")
                let path = try "/api/instances/\(made.field("id"))/approve"
                let reply = try await root.call("POST", path, json: #"{"duration_months":1}"#, token: token)
                #expect(reply.status == 200, "\(number): \(reply.text)")
            }
        }
    }
}
