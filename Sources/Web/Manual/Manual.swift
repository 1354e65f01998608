internal import Accounts
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

        let addresses = Dictionary(
            navigation.pages.flatMap { page in Language.allCases.map { (page.file(in: $0), page.url) } }
        ) { first, _ in first }
        var pages: [String: CachedPage] = [:]
        for page in navigation.pages {
            var contents: [Language: Markdown] = [:]
            for language in Language.allCases {
                contents[language] = try Self.content(
                    of: page.file(in: language),
                    share: share,
                    pages: addresses,
                    images: Set(images.keys)
                )
            }
            pages[page.slug] = CachedPage(of: .docs, with: renderer) { strings in
                let content = contents[strings.language] ?? Markdown("", rewrite: { $0 })
                let title = page.title(in: strings.language)
                return ManualPage(
                    content,
                    title: title,
                    description: content.summary ?? "\(title): \(strings("docs.manual")).",
                    url: page.url,
                    page: page,
                    in: navigation,
                    strings: strings
                )
            }
        }
        self.pages = pages
    }

    /// One file, whose links lead to our pages.
    ///
    /// Files of other languages lie in folders of their own, and link from there.
    private static func content(
        of file: String,
        share: ShareFolder,
        pages: [String: String],
        images: Set<String>
    ) throws(ShareFolderError) -> Markdown {
        let source = try share.text(of: "docs/\(file)")
        let isInFolder = file.contains("/")
        var broken: String?
        let content = Markdown(source) { address in
            let seen = isInFolder && address.hasPrefix("../") ? String(address.dropFirst(3)) : address
            let link = ManualLink(seen, pages: pages, images: images)
            if link.isBroken { broken = broken ?? address }
            return link.address
        }
        if let broken { throw .broken("docs/\(file)", reason: "it links to \(broken), which is not there") }
        return content
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

    private func page(_ slug: String, _ request: Request) throws -> Response {
        guard let page = pages[slug] else { throw RequestError.notFound }
        return try page.response(to: request)
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
