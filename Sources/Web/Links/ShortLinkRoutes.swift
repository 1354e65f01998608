internal import Accounts
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Outreach

/// `/link/SLUG`, where anybody follows a short link, and `/api/links`, where an account makes and removes its own.
struct ShortLinkRoutes: Sendable {
    let links: ShortLinks

    var routes: [Route] {
        [
            .get("/link/{slug}", .open) { _, context in
                guard let slug = context.slug, let target = try await links.follow(slug, at: Date()) else {
                    throw RequestError.notFound
                }
                return Self.leave(to: target)
            },
            .get("/api/links", .api(.botsRead)) { request, context in
                let after = request.uri.queryParameters["after"].map { LinkSlug(String($0)) }
                if let after, after == nil {
                    throw RequestError.invalidField("after", message: "Send what `next` was.")
                }
                let listed = try await links.list(of: context.signedIn().account.id, after: after ?? nil)
                return try JSONText.response(
                    ListedLinks(
                        links: listed.links.map { ShownLink($0, at: links.address(of: $0.slug)) },
                        next: listed.hasMore ? listed.links.last?.slug.text : nil
                    )
                )
            },
            .post("/api/links", .api(.botsWrite)) { request, context in
                let target = try await request.jsonFields(known: ["target"]).requiredText("target")
                let link = try await links.make(target, for: context.signedIn().account.id, at: Date())
                return try JSONText.response(ShownLink(link, at: links.address(of: link.slug)), status: .created)
            },
            .delete("/api/links/{slug}", .api(.botsWrite)) { _, context in
                guard let slug = context.slug else { throw LinkError.unknown }
                try await links.delete(slug, of: context.signedIn().account.id)
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
        ]
    }

    /// To another site; kept by nobody, so that each click is counted.
    private static func leave(to target: String) -> Response {
        Response(
            status: .found,
            headers: [.location: target, .cacheControl: "no-store", .robotsTag: "noindex"]
        )
    }
}

struct ShownLink: Encodable {
    let slug: String
    let address: String
    let target: String
    let clicks: Int
    let createdAt: Date
    let clickedAt: Date?

    init(_ link: ShortLink, at address: String) {
        slug = link.slug.text
        self.address = address
        target = link.target
        clicks = link.clicks
        createdAt = link.createdAt
        clickedAt = link.clickedAt
    }
}

struct ListedLinks: Encodable {
    let links: [ShownLink]
    /// Send it as `after` to go on; null at the end.
    let next: String?
}

extension WebContext {
    fileprivate var slug: LinkSlug? { parameters.get("slug").flatMap { LinkSlug($0) } }
}
