import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct CompressionTests {
    @Test(arguments: ["/", "/generate", "/docs", "/api/openapi.json", "/api-docs", "/nothing"])
    func textIsPackedForThoseWhoTakeIt(path: String) async throws {
        try await withSite { (site) async throws in
            let cookie = try #require(try await site.get("/generate").cookie)
            let plain = try await site.get(path, ["Cookie": cookie])
            let packed = try await site.get(path, ["Accept-Encoding": "br, gzip;q=0.8", "Cookie": cookie])
            #expect(plain["Content-Encoding"] == nil)
            #expect(packed["Content-Encoding"] == "gzip")
            #expect(packed.body.count < plain.body.count)
            if path != "/nothing" { #expect(try gunzipped(packed.body) == plain.body) }
            #expect(packed.all("Vary").joined(separator: ",").contains("Accept-Encoding"))
            #expect(plain.all("Vary").joined(separator: ",").contains("Accept-Encoding"))
            #expect(try await site.get(path, ["Accept-Encoding": "gzip;q=0, *"])["Content-Encoding"] == nil)
        }
    }

    @Test func shortAnswersStayAsTheyAre() async throws {
        try await withSite { (site) async throws in
            #expect(try await site.get("/health", ["Accept-Encoding": "gzip"])["Content-Encoding"] == nil)
        }
    }
}
