import Accounts
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct ShortLinkTests {
    @Test func aLinkIsMadeFollowedCountedAndRemoved() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try #require(try await ada.get("/deploy").csrf)
            let made = try await ada.call("POST", "/api/links", json: #"{"target":"example.org/a?b=c"}"#, token: token)
            #expect(made.status == 201)
            let slug = try #require(try made.json()["slug"] as? String)
            #expect(try made.json()["target"] as? String == "https://example.org/a?b=c")

            let followed = try await site.get("/link/\(slug)")
            #expect(followed.status == 302 && followed["Location"] == "https://example.org/a?b=c")
            #expect(followed["Cache-Control"] == "no-store" && followed["X-Robots-Tag"] == "noindex")
            let listed = try await ada.get("/api/links").json()
            #expect((listed["links"] as? [[String: Any]])?.first?["clicks"] as? Int == 1)
            #expect(try await ada.get("/api/account/export").text.contains("https://example.org/a?b=c"))

            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            let foreign = try #require(try await eve.get("/deploy").csrf)
            #expect(try await eve.call("DELETE", "/api/links/\(slug)", token: foreign).status == 404)
            #expect(try await ada.call("DELETE", "/api/links/\(slug)", token: token).status == 204)
            #expect(try await site.get("/link/\(slug)").status == 404)
        }
    }

    @Test(arguments: ["javascript:alert(1)", "https://ada:secret@example.org", "http://127.0.0.1/", "/dashboard", ""])
    func aBadTargetIsNamedAtItsField(target: String) async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try #require(try await ada.get("/deploy").csrf)
            let reply = try await ada.call("POST", "/api/links", json: #"{"target":"\#(target)"}"#, token: token)
            #expect(reply.status == 422 && reply.errorField == "target")
        }
    }

    @Test func whatIsNoLinkIsNotFound() async throws {
        try await withPanelSite { site, _ in
            for path in ["/link/abcdefg", "/link/x", "/link/%2e%2e", "/link/a%0d%0ab", "/link/abcdefg%27"] {
                let reply = try await site.get(path)
                #expect(reply.status == 404, "\(path)")
            }
        }
    }
}
