internal import Hummingbird

/// The manual: Markdown from `docs/`, made into pages once at start.
struct Manual: Sendable {
    private let pages: [String: CachedPage]
    private let images: [String: StoredContent]

    /// Throws for a page that is missing, and for a link to a page that is not in the navigation.
    init(share: ShareFolder, navigation: Navigation, renderer: PageRenderer) throws(ShareFolderError) {
        var images: [String: StoredContent] = [:]
        for name in try share.files(in: "docs") where name.hasPrefix("images/") {
            guard let type = ContentType(fileName: name) else { continue }
            let bytes = try share.contents(of: "docs/\(name)")
            images[name] = StoredContent(bytes, contentType: type.text, isCompressible: type.isCompressible)
        }
        self.images = images

        let addresses = Dictionary(navigation.pages.map { ($0.file, $0.url) }) { first, _ in first }
        var pages: [String: CachedPage] = [:]
        for page in navigation.pages {
            let source = try share.text(of: "docs/\(page.file)")
            var broken: String?
            let content = Markdown(source) { address in
                let link = ManualLink(address, pages: addresses, images: Set(images.keys))
                if link.isBroken { broken = broken ?? address }
                return link.address
            }
            if let broken { throw .broken("docs/\(page.file)", reason: "it links to \(broken), which is not there") }
            let view = ManualPage(
                content,
                title: page.title,
                description: content.summary ?? "\(page.title): the manual of Wharf.",
                url: page.url,
                page: page,
                in: navigation
            )
            pages[page.slug] = CachedPage(view, of: .docs, with: renderer)
        }
        self.pages = pages
    }

    var routes: [Route] {
        [
            .get("/docs", .open) { request, _ in try page("", request) },
            .get("/docs/{slug}", .open) { request, context in try page(context.parameters.get("slug") ?? "", request) },
            .get("/docs/images/{name}", .open) { request, context in
                guard let image = images["images/\(context.parameters.get("name") ?? "")"] else {
                    throw RequestError.notFound
                }
                return image.response(to: request, cacheControl: "public, max-age=3600")
            },
        ]
    }

    private func page(_ slug: String, _ request: Request) throws(RequestError) -> Response {
        guard let page = pages[slug] else { throw .notFound }
        return page.response(to: request)
    }
}

/// An address as a Markdown file writes it, and where it leads on our pages.
struct ManualLink: Equatable {
    let address: String
    let isBroken: Bool

    init(_ written: String, pages: [String: String], images: Set<String>) {
        let isElsewhere = written.contains("://") || written.hasPrefix("mailto:")
        if isElsewhere || written.hasPrefix("/") || written.hasPrefix("#") || written.hasPrefix("../") {
            address = written
            isBroken = false
            return
        }
        let file = String(written.prefix { $0 != "#" })
        let fragment = written.dropFirst(file.count)
        if let page = pages[file] {
            address = page + fragment
            isBroken = false
        } else if images.contains(file) {
            address = "/docs/\(file)"
            isBroken = false
        } else {
            address = written
            isBroken = true
        }
    }
}

extension Markdown {
    /// The first paragraph as plain text, for search results.
    fileprivate var summary: String? {
        guard let found = html.renderText.firstMatch(of: #/<p>((?s:.*?))<\/p>/#) else { return nil }
        let plain = String(found.1.replacing(#/<[^>]*>/#, with: ""))
            .replacing("\n", with: " ")
            .replacing("&quot;", with: "\"")
            .replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">")
            .replacing("&amp;", with: "&")
        return plain.count <= 160 ? plain : String(plain.prefix(157)) + "…"
    }
}
