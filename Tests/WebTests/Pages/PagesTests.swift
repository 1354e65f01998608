import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct PagesTests {
    @Test(arguments: ["/", "/generate", "/docs", "/docs/troubleshooting", "/docs/api", "/api-docs"])
    func pagesAreServedWhole(path: String) async throws {
        try await withSite { (site) async throws in
            let reply = try await site.get(path)
            #expect(reply.status == 200)
            #expect(reply["Content-Type"] == "text/html; charset=utf-8")
            #expect(reply.text.hasPrefix("<!DOCTYPE html>"))
            #expect(reply.text.hasSuffix("</html>\n"))
            #expect(!reply.text.contains("{{"))
            #expect(AccessibilityLint(reply.text).complaints == [])
        }
    }

    @Test func everyAnswerCarriesTheSecurityHeaders() async throws {
        try await withSite { (site) async throws in
            for path in ["/", "/nothing", "/health", "/api/nothing", "/robots.txt"] {
                let reply = try await site.get(path)
                let policy = try #require(reply["Content-Security-Policy"])
                #expect(
                    policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
                )
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(reply["X-Content-Type-Options"] == "nosniff")
                #expect(reply["Referrer-Policy"] == "same-origin")
                #expect(reply["Cross-Origin-Opener-Policy"] == "same-origin")
                #expect(reply["Cross-Origin-Resource-Policy"] == "same-origin")
                #expect(reply["Permissions-Policy"]?.contains("camera=()") == true)
                #expect(reply["Strict-Transport-Security"] == nil)
                #expect(reply["X-Request-ID"]?.count == 16)
            }
        }
    }

    @Test func httpsIsInsistedOnBehindAnHTTPSAddress() async throws {
        try await withSite(configuration: .test { $0.publicURL = WebOrigin("https://wharf.example") }) {
            (site) async throws in
            let reply = try await site.get("/generate")
            #expect(reply["Strict-Transport-Security"]?.hasPrefix("max-age=31536000") == true)
            #expect(reply["Set-Cookie"]?.hasPrefix("__Host-wharf-form=") == true)
            #expect(reply["Set-Cookie"]?.contains("; Secure") == true)
        }
    }

    @Test func pagesHaveNoInlineScriptOrStyleAndNothingForeign() async throws {
        try await withSite { (site) async throws in
            for path in ["/", "/generate", "/docs", "/docs/api", "/api-docs", "/nothing"] {
                let html = try await site.get(path).text
                #expect(html.firstMatch(of: #/<script(?![^>]*\ssrc=)/#) == nil, "\(path)")
                #expect(html.firstMatch(of: #/<style|\sstyle=|\son[a-z]+=/#) == nil, "\(path)")
                for source in html.matches(of: #/(?:src|href|action)="([^"]*)"/#) where source.0.hasPrefix("src") {
                    #expect(source.1.hasPrefix("/"), "\(source.1)")
                }
                #expect(html.firstMatch(of: #/<link[^>]*href="https?:/#) == nil, "\(path)")
            }
        }
    }

    @Test func everyAssetThatAPageNamesIsThere() async throws {
        try await withSite { (site) async throws in
            var names: Set<String> = []
            for path in ["/", "/generate", "/docs", "/nothing"] {
                for found in try await site.get(path).text.matches(of: #/"(\/assets\/[^"#]+)/#) {
                    names.insert(String(found.1))
                }
            }
            #expect(names.count > 8)
            for name in names {
                let reply = try await site.get(name)
                #expect(reply.status == 200, "\(name)")
                #expect(reply["Cache-Control"] == "public, max-age=31536000, immutable")
            }
        }
    }

    @Test func linksOfThePagesLeadSomewhere() async throws {
        try await withPanelSite { (site, _) async throws in
            var paths: Set<String> = ["/"]
            var seen: Set<String> = []
            while let path = paths.popFirst() {
                seen.insert(path)
                let reply = try await site.get(path)
                if reply.status == 303, let login = reply["Location"] {
                    #expect(login.hasPrefix("/login"), "\(path)")
                    if seen.insert(login).inserted { paths.insert(login) }
                    continue
                }
                #expect(reply.status == 200, "\(path)")
                guard reply["Content-Type"]?.hasPrefix("text/html") == true else { continue }
                for link in reply.text.matches(of: #/<a [^>]*href="(\/[^"#]*)/#) where !seen.contains(String(link.1)) {
                    paths.insert(String(link.1))
                }
            }
            #expect(seen.isSuperset(of: ["/generate", "/docs", "/docs/troubleshooting"]))
        }
    }

    @Test func fragmentsOfLinksWithinThePagesExist() async throws {
        try await withSite { (site) async throws in
            for path in ["/docs", "/docs/api", "/docs/troubleshooting", "/docs/faq", "/generate"] {
                let html = try await site.get(path).text
                for link in html.matches(of: #/<a [^>]*href="(\/[^"#]*)?#([^"]+)"/#) {
                    let target = link.1.map(String.init) ?? ""
                    let page = target.isEmpty ? html : try await site.get(target).text
                    #expect(page.contains("id=\"\(link.2)\""), "\(path) links to \(target)#\(link.2)")
                }
            }
        }
    }

    @Test func theCookieChoosesTheColours() async throws {
        try await withSite { (site) async throws in
            for path in ["/", "/generate", "/docs", "/nothing"] {
                #expect(try await site.get(path, ["Cookie": "theme=dark"]).text.contains("data-theme=\"dark\""))
                #expect(try await site.get(path, ["Cookie": "theme=light"]).text.contains("data-theme=\"light\""))
                #expect(try await !site.get(path, ["Cookie": "theme=\"><script>"]).text.contains("data-theme"))
                #expect(try await site.get(path).vary.contains("Cookie"))
            }
        }
    }

    @Test func pagesAreSentAgainOnlyWhenTheyChanged() async throws {
        try await withSite { (site) async throws in
            for path in ["/", "/docs", "/api-docs", "/api/openapi.json"] {
                let tag = try #require(try await site.get(path)["ETag"])
                let again = try await site.get(path, ["If-None-Match": "\"x\", W/\(tag)"])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again["ETag"] == tag)
                #expect(again["Content-Security-Policy"] != nil)
                #expect(try await site.get(path, ["If-None-Match": "\"x\""]).status == 200)
                let packed = try await site.get(path, ["Accept-Encoding": "gzip"])
                #expect(packed["ETag"] != tag)
            }
            let plain = try await site.get("/")["ETag"]
            #expect(try await site.get("/", ["Cookie": "theme=dark"])["ETag"] != plain)
        }
    }

    @Test func unknownAddressesGetAPageOrJSON() async throws {
        try await withSite { (site) async throws in
            for path in ["/nothing", "/docs/nothing", "/generate/x/y/z", "/docs/images/none.png", "/%2e%2e/etc/passwd"]
            {
                let reply = try await site.get(path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.text.contains("There is nothing here"))
                #expect(AccessibilityLint(reply.text).complaints == [])
                #expect(reply["Cache-Control"] == "no-store")
            }
            let reply = try await site.get("/api/nothing")
            #expect(reply.status == 404)
            #expect(reply["Content-Type"] == "application/json; charset=utf-8")
            #expect(reply.errorCode == "request.not_found")
            #expect(reply.error("requestID") == reply["X-Request-ID"])
        }
    }

    @Test func wrongMethodsAreToldTheRightOnes() async throws {
        try await withSite { (site) async throws in
            let page = try await site.request("DELETE", "/docs")
            #expect(page.status == 405)
            #expect(page["Allow"] == "GET, HEAD, OPTIONS")
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            let api = try await site.request("PUT", "/api/session/generate")
            #expect(api.status == 405)
            #expect(api.errorCode == "request.method_not_allowed")
            let literal = try await site.get("/api/session/generate")
            #expect(literal.status == 405)
            #expect(literal["Allow"] == "POST, OPTIONS")
            let session = try await site.request("POST", "/api/session/abc")
            #expect(session["Allow"] == "GET, HEAD, DELETE, OPTIONS")
            let strange = try await site.request("PROPFIND", "/")
            #expect(strange.status == 405)
            let options = try await site.request("OPTIONS", "/generate")
            #expect(options.status == 204)
            #expect(options["Allow"] == "GET, HEAD, POST, OPTIONS")
            #expect(try await site.request("OPTIONS", "/nothing").status == 404)
        }
    }

    @Test func headIsGetWithoutTheBody() async throws {
        try await withSite { (site) async throws in
            for path in ["/", "/generate", "/nothing", "/robots.txt", "/health", "/api/nothing"] {
                let get = try await site.get(path)
                let head = try await site.request("HEAD", path)
                #expect(head.status == get.status)
                #expect(head["Content-Type"] == get["Content-Type"])
                #expect(head["Content-Length"] == get["Content-Length"], "\(path)")
            }
        }
    }

    @Test func aConnectionServesMoreThanOneRequest() async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            for path in ["/", "/nothing", "/health", "/generate"] {
                try await connection.write("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let reply = try await WebReply.read(from: connection)
                #expect(reply.status == (path == "/nothing" ? 404 : 200))
            }
            // Asked for before the first answer came.
            try await connection.write(String(repeating: "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", count: 5))
            for _ in 0..<5 { #expect(try await WebReply.read(from: connection).status == 200) }
            await connection.close()
        }
    }

    @Test func aFailureOfOursIsTheLogsBusinessOnly() async throws {
        struct Secret: Error {}
        let log = LogRecorder()
        let failing = ReadinessCheck("database") { throw Secret() }
        try await withSite(readiness: [failing], logger: log.logger) { (site) async throws in
            let reply = try await site.get("/ready")
            #expect(reply.status == 503)
            #expect(!reply.text.contains("Secret"))
        }
    }
}
