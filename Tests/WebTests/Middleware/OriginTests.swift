import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct OriginTests {
    private func begin(_ site: TestSite, _ fields: [String: String]) async throws -> WebReply {
        try await site.post("/api/session/generate", json: "{}", fields)
    }

    @Test func pagesOfOtherSitesMayChangeNothing() async throws {
        try await withSite { (site) async throws in
            for (method, path) in [
                ("POST", "/api/session/generate"), ("POST", "/api/session/validate"), ("DELETE", "/api/session/x"),
                ("POST", "/api/session/x/code"), ("POST", "/api/session/x/passkey"),
                ("POST", "/api/session/x/passkey/confirm"), ("POST", "/generate"), ("POST", "/generate/x/delete"),
            ] {
                let reply = try await site.request(method, path, ["Origin": "https://evil.example"])
                #expect(reply.status == 403, "\(path)")
                #expect(try await site.request(method, path, ["Sec-Fetch-Site": "cross-site"]).status == 403)
            }
        }
    }

    @Test func ownPagesAndProgramsMay() async throws {
        try await withSite { (site) async throws in
            for fields in [
                [:], ["Origin": "http://127.0.0.1:\(site.port)"], ["Origin": "HTTP://127.0.0.1:\(site.port)"],
                ["Sec-Fetch-Site": "same-origin"], ["Origin": "https://wharf.example", "Host": "wharf.example"],
                ["Origin": "https://wharf.example", "Host": "wharf.example:443"],
            ] {
                #expect(try await begin(site, fields).errorCode == "request.missing_field", "\(fields)")
            }
            for origin in ["null", "", "http://", "http://127.0.0.1", "http://user@127.0.0.1:\(site.port)"] {
                #expect(try await begin(site, ["Origin": origin]).errorCode == "request.foreign_origin", "\(origin)")
            }
        }
    }

    @Test func aNamedAddressIsTheOnlyOneButThisMachine() async throws {
        try await withSite(configuration: .test { $0.publicURL = WebOrigin("https://wharf.example") }) {
            (site) async throws in
            #expect(try await begin(site, ["Origin": "https://wharf.example"]).errorCode == "request.missing_field")
            #expect(
                try await begin(site, ["Origin": "http://127.0.0.1:\(site.port)"]).errorCode == "request.missing_field"
            )
            // A name that somebody pointed at our address.
            let rebound = try await begin(site, ["Origin": "http://evil.example", "Host": "evil.example"])
            #expect(rebound.errorCode == "request.foreign_origin")
        }
    }

    @Test func configuredOriginsMayCallTheAPI() async throws {
        let origin = "https://panel.example"
        try await withSite(configuration: .test { $0.corsOrigins = Set([WebOrigin(origin)].compactMap { $0 }) }) {
            (site) async throws in
            let preflight = try await site.request(
                "OPTIONS",
                "/api/session/generate",
                [
                    "Origin": origin, "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "content-type",
                ]
            )
            #expect(preflight.status == 204)
            #expect(preflight["Access-Control-Allow-Origin"] == origin)
            #expect(preflight["Access-Control-Allow-Methods"]?.contains("POST") == true)
            #expect(preflight["Access-Control-Allow-Headers"]?.contains("Content-Type") == true)
            #expect(preflight["Access-Control-Allow-Credentials"] == nil)
            let reply = try await begin(site, ["Origin": origin])
            #expect(reply.errorCode == "request.missing_field")
            #expect(reply["Access-Control-Allow-Origin"] == origin)
            #expect(reply["Access-Control-Expose-Headers"]?.contains("Retry-After") == true)
            #expect(reply.vary.contains("Origin"))

            let stranger = try await site.request(
                "OPTIONS",
                "/api/session/generate",
                ["Origin": "https://evil.example", "Access-Control-Request-Method": "POST"]
            )
            #expect(stranger["Access-Control-Allow-Origin"] == nil)
            #expect(stranger.vary.contains("Origin"))
            #expect(try await begin(site, ["Origin": "https://evil.example"]).status == 403)
            #expect(try await site.get("/generate", ["Origin": origin])["Access-Control-Allow-Origin"] == nil)
            #expect(try await BrowserClient(site, fields: ["Origin": origin]).reply.status == 101)
        }
    }

    @Test func withoutConfigurationThereIsNoCORS() async throws {
        try await withSite { (site) async throws in
            let reply = try await site.get("/api/openapi.json", ["Origin": "https://panel.example"])
            #expect(reply.status == 200)
            #expect(reply["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(arguments: [
        ("https://A.example", "https://a.example"), ("http://a.example:80", "http://a.example"),
        ("https://a.example:443", "https://a.example"), ("http://a.example:443", "http://a.example:443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ])
    func originsAreNormalised(text: String, form: String) throws {
        #expect(try #require(WebOrigin(text)).description == form)
    }

    @Test(arguments: [
        "", "a.example", "ftp://a.example", "https://", "https://a.example/", "https://a b", "https://u@a", "null",
    ])
    func whatIsNoOriginIsRefused(text: String) {
        #expect(WebOrigin(text) == nil)
    }
}
