import Database
import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Calls that are done once for each `Idempotency-Key`.
@Suite(.timeLimit(.minutes(5)))
struct RepeatedCallsTests {
    /// A browser's calls, and how many bots there are.
    private struct Caller {
        let browser: PanelBrowser
        let token: String
        let accounts: AccountsService

        func post(_ path: String, _ json: String, key: String?) async throws -> WebReply {
            try await browser.call("POST", path, json: json, token: token, key: key)
        }

        func bots() async throws -> Int {
            let row = try await accounts.database.queryOne("SELECT count(*) AS number FROM bots")
            return Int(try row?.decode("number", as: Int64.self) ?? 0)
        }
    }

    private func withCaller(_ body: @Sendable (Caller) async throws -> Void) async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            try await accounts.database.execute("UPDATE accounts SET email_verified_at = now()")
            let token = try #require(try await root.get("/deploy").csrf)
            try await body(Caller(browser: root, token: token, accounts: accounts))
        }
    }

    @Test func theSecondCallGetsTheFirstOnesAnswer() async throws {
        try await withCaller { (caller) async throws in
            let first = try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "a 1")
            #expect(first.status == 201)
            #expect(first["Idempotency-Replayed"] == nil)
            for _ in 0..<2 {
                let again = try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "a 1")
                #expect(again.status == 201)
                #expect(again.text == first.text)
                #expect(again["Location"] == first["Location"])
                #expect(again["Content-Type"] == first["Content-Type"])
                #expect(again["Idempotency-Replayed"] == "true")
            }
            #expect(try await caller.bots() == 1)
            // Without a key, and with another one, it is another bot.
            #expect(try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: nil).status == 201)
            let older = #"{"name":"Helper","phone_number":"15550001111"}"#
            let made = try await caller.post("/api/instances", older, key: "a 2")
            #expect(made.status == 201)
            #expect(try await caller.post("/api/instances", older, key: "a 2").text == made.text)
            #expect(try await caller.bots() == 3)
        }
    }

    @Test func aKeyStandsForOneCall() async throws {
        try await withCaller { (caller) async throws in
            #expect(try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "one").status == 201)
            let other = try await caller.post("/api/bots", #"{"name":"Other"}"#, key: "one")
            #expect(other.status == 422)
            #expect(other.errorCode == "idempotency.key_reused")
            #expect(other.error("field") == "Idempotency-Key")
            let elsewhere = try await caller.post("/api/instances", #"{"name":"Helper"}"#, key: "one")
            #expect(elsewhere.errorCode == "idempotency.key_reused")
            for bad in ["", String(repeating: "k", count: 256), "caf\u{e9}"] {
                let reply = try await caller.post("/api/bots", #"{"name":"Other"}"#, key: bad)
                #expect(reply.status == 400, "\(bad)")
                #expect(reply.errorCode == "idempotency.invalid_key", "\(bad)")
            }
            #expect(try await caller.bots() == 1)
        }
    }

    @Test func callsAtTheSameMomentAreDoneOnce() async throws {
        try await withCaller { (caller) async throws in
            let replies = try await withThrowingTaskGroup { group in
                for _ in 0..<12 {
                    group.addTask { try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "at once") }
                }
                return try await group.reduce(into: [WebReply]()) { $0.append($1) }
            }
            #expect(try await caller.bots() == 1)
            let made = replies.filter { $0.status == 201 }
            #expect(Set(made.map(\.text)).count == 1)
            for reply in replies where reply.status != 201 {
                #expect(reply.status == 409)
                #expect(reply.errorCode == "idempotency.in_progress")
                #expect(reply["Retry-After"] == "1")
            }
            let later = try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "at once")
            #expect(later.text == made.first?.text)
        }
    }

    @Test func whatWasRefusedMayComeAgain() async throws {
        try await withCaller { (caller) async throws in
            #expect(try await caller.post("/api/bots", #"{"name":""}"#, key: "again").status == 422)
            #expect(try await caller.post("/api/bots", "{", key: "again").status == 400)
            #expect(try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "again").status == 201)
            let long = "{\"name\":\"\(String(repeating: "x", count: 70_000))\"}"
            #expect(try await caller.post("/api/account/keys", long, key: "long").status == 413)
        }
    }

    /// A renewal adds a month each time it is done.
    @Test func aRenewalIsDoneOnce() async throws {
        try await withCaller { (caller) async throws in
            let bot = try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: nil).field("id")
            let approved = try await caller.post("/api/bots/\(bot)/approve", #"{"months":1}"#, key: "approve")
            #expect(approved.status == 200)
            #expect(
                try await caller.post("/api/bots/\(bot)/approve", #"{"months":1}"#, key: "approve").text
                    == approved.text
            )
            let renewed = try await caller.post("/api/bots/\(bot)/renew", #"{"months":1}"#, key: "renew")
            let again = try await caller.post("/api/bots/\(bot)/renew", #"{"months":1}"#, key: "renew")
            #expect(renewed.text == again.text)
            let shown = try await caller.browser.call("GET", "/api/bots/\(bot)", token: caller.token)
            #expect(try renewed.field("expiresAt") == shown.field("expiresAt"))
        }
    }

    @Test func keysOfOthersAreNobodysBusiness() async throws {
        try await withCaller { (caller) async throws in
            #expect(try await caller.post("/api/bots", #"{"name":"Helper"}"#, key: "mine").status == 201)
            let other = PanelBrowser(caller.browser.site)
            _ = try await other.register("eve@example.com", name: "Eve")
            try await caller.accounts.database.execute("UPDATE accounts SET email_verified_at = now()")
            let token = try #require(try await other.get("/deploy").csrf)
            let reply = try await other.call("POST", "/api/bots", json: #"{"name":"Hers"}"#, token: token, key: "mine")
            #expect(reply.status == 201)
            #expect(try reply.field("name") == "Hers")
        }
    }

    /// The secret is told to whoever asks again with the same key, and lies nowhere in the open.
    @Test func aSecretThatIsToldTwiceIsKeptSealed() async throws {
        try await withCaller { (caller) async throws in
            let body = #"{"name":"Script","scopes":["bots:read"]}"#
            let made = try await caller.post("/api/account/keys", body, key: "key")
            #expect(made.status == 201)
            #expect(try await caller.post("/api/account/keys", body, key: "key").text == made.text)
            let row = try await caller.accounts.database.queryOne("SELECT answer FROM keyed_calls")
            let kept: [UInt8] = try #require(try row?.decode("answer"))
            let secret = Array(try made.field("key").utf8)
            #expect(kept.count > secret.count)
            #expect(Data(kept).range(of: Data(secret)) == nil)
        }
    }

    /// Every call that takes the field says so, and no other does.
    @Test func theDocumentNamesTheCallsThatTakeIt() throws {
        let bytes = try ShareFolder(path: sharePath).contents(of: "docs/openapi.json")
        let document = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = paths.filter { _, item in
            let parameters = (item["post"] as? [String: Any])?["parameters"] as? [[String: Any]] ?? []
            return parameters.contains { $0["$ref"] as? String == "#/components/parameters/IdempotencyKey" }
        }
        let served = try allRoutes().filter { $0.keyedLimit != nil }
        #expect(Set(described.keys) == Set(served.map(\.path)))
        #expect(served.count == 13)
    }
}
