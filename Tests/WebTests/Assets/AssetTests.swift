import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct AssetTests {
    private func base(_ site: TestSite) async throws -> String {
        let html = try await site.get("/").text
        return try #require(html.firstMatch(of: #/\/assets\/[0-9a-f]{16}/#)).0.description
    }

    @Test func filesComeWithTypeAndPacked() async throws {
        try await withSite { (site) async throws in
            let base = try await base(site)
            let css = try await site.get("\(base)/css/base.css", ["Accept-Encoding": "gzip"])
            #expect(css["Content-Type"] == "text/css; charset=utf-8")
            #expect(css["Content-Encoding"] == "gzip")
            #expect(css["Vary"] == "Accept-Encoding")
            let plain = try await site.get("\(base)/css/base.css")
            #expect(plain["Content-Encoding"] == nil)
            #expect(try gunzipped(css.body) == plain.body)
            #expect(try await site.get("\(base)/js/theme.js")["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(try await site.get("\(base)/icons/sprite.svg")["Content-Type"] == "image/svg+xml")
            let tag = try #require(plain["ETag"])
            #expect(try await site.get("\(base)/css/base.css", ["If-None-Match": tag]).status == 304)
        }
    }

    @Test(arguments: [
        "/../Package.swift", "/..%2f..%2fPackage.swift", "/%2e%2e/%2e%2e/Package.swift", "/css/../../Package.swift",
        "//etc/passwd", "/css/", "/css", "", "/", "/css/base.css/", "/css/base.css%00.png", "/.gitignore",
    ])
    func noPathLeadsOutOfTheFolder(path: String) async throws {
        try await withSite { (site) async throws in
            let reply = try await site.get(try await base(site) + path)
            #expect(reply.status == 404)
            #expect(!reply.text.contains("swift-tools-version"))
        }
    }

    @Test func anotherHashIsAnotherAddress() async throws {
        try await withSite { (site) async throws in
            #expect(try await site.get("/assets/0123456789abcdef/css/base.css").status == 404)
            #expect(try await site.get("/assets/css/base.css").status == 404)
        }
    }

    @Test func whatBrowsersAndRobotsLookForIsThere() async throws {
        try await withSite { (site) async throws in
            let robots = try await site.get("/robots.txt")
            #expect(robots.status == 200)
            #expect(robots.text.contains("Disallow: /generate/"))
            let icon = try await site.get("/favicon.ico")
            #expect(icon.status == 200)
            #expect(icon["Content-Type"]?.hasPrefix("image/") == true)
        }
    }
}
