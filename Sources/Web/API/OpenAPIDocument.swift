internal import Hummingbird

/// `docs/openapi.json`, the API's description, and a page made from it.
struct OpenAPIDocument: Sendable {
    private let document: StoredContent
    private let page: CachedPage

    init(share: ShareFolder, navigation: Navigation, renderer: PageRenderer) throws(ShareFolderError) {
        let file = "docs/openapi.json"
        let bytes = try share.contents(of: file)
        let parsed: JSONValue
        do {
            parsed = try JSONValue(parsing: bytes, depth: 64)
        } catch {
            throw .broken(file, reason: error.message)
        }
        guard let description = OpenAPIListing(parsed) else {
            throw .broken(file, reason: "it has no title or no paths")
        }
        document = StoredContent(bytes, contentType: "application/json; charset=utf-8", isCompressible: true)
        let content = Markdown(description.markdown, rewrite: { $0 })
        page = CachedPage(of: .docs, with: renderer) { strings in
            ManualPage(
                content,
                title: strings("docs.api"),
                description: strings("docs.api_description"),
                url: "/api-docs",
                page: nil,
                in: navigation,
                strings: strings
            )
        }
    }

    var routes: [Route] {
        [
            .get("/api/openapi.json", .open) { request, _ in
                document.response(to: request, cacheControl: "public, max-age=300")
            },
            .get("/api-docs", .open) { request, _ in try page.response(to: request) },
        ]
    }
}
