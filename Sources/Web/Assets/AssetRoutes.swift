internal import Hummingbird
internal import NIOCore

/// `/assets/…` and the files that browsers and robots look for at the root.
struct AssetRoutes: Sendable {
    let assets: AssetStore

    var routes: [Route] {
        [
            .get("/assets/**", .open) { request, _ in try assets.response(to: request) },
            .get("/favicon.ico", .open) { request, _ in
                for name in ["icons/favicon.ico", "icons/favicon-32.png", "icons/favicon.svg"] {
                    if let icon = assets.response(to: request, named: name) { return icon }
                }
                throw RequestError.notFound
            },
            .get("/robots.txt", .open) { request, _ in
                assets.response(to: request, named: "robots.txt")
                    ?? Self.robots.response(
                        to: request,
                        cacheControl: "public, max-age=86400"
                    )
            },
        ]
    }

    private static let robots = StoredContent(
        Array("User-agent: *\nDisallow: /generate/\nDisallow: /api/\nDisallow: /ws\n".utf8),
        contentType: "text/plain; charset=utf-8",
        isCompressible: false
    )
}
