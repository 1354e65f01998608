internal import Accounts
internal import Hummingbird
internal import Synchronization

/// The manual: Markdown from `docs/`, checked at the start, each page made when it is first asked for.
struct Manual: Sendable {
    private let pages: [String: LatePage]
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
        let links = ManualLinks(pages: addresses, images: Set(images.keys))
        var pages: [String: LatePage] = [:]
        for page in navigation.pages {
            var sources: [String: String] = [:]
            for file in Set(Language.allCases.map(page.file)) {
                let source = try share.text(of: "docs/\(file)")
                if let broken = links.firstBroken(in: source, of: file) {
                    throw .broken("docs/\(file)", reason: "it links to \(broken), which is not there")
                }
                sources[file] = source
            }
            pages[page.slug] = LatePage { [sources] in
                CachedPage(of: .docs, with: renderer) { strings in
                    let file = page.file(in: strings.language)
                    let content = Markdown(sources[file] ?? "") { links.link($0, of: file).address }
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

    private func page(_ slug: String, _ request: Request) throws -> Response {
        guard let page = pages[slug] else { throw RequestError.notFound }
        return try page.made().response(to: request)
    }
}

/// Where the links of all files lead.
///
/// Files of other languages lie in folders of their own, and link from there.
private struct ManualLinks: Sendable {
    let pages: [String: String]
    let images: Set<String>

    func link(_ address: String, of file: String) -> ManualLink {
        let isInFolder = file.contains("/")
        let folder = file.prefix { $0 != "/" }
        if isInFolder, address.hasPrefix("../") {
            return ManualLink(String(address.dropFirst(3)), pages: pages, images: images)
        }
        // A page in the same folder, before one of that name in English.
        let name = address.prefix { $0 != "#" }
        if isInFolder, pages["\(folder)/\(name)"] != nil {
            return ManualLink("\(folder)/\(address)", pages: pages, images: images)
        }
        return ManualLink(address, pages: pages, images: images)
    }

    func firstBroken(in source: String, of file: String) -> String? {
        Markdown.addresses(in: source).first { link($0, of: file).isBroken }
    }
}

/// A page that is made when it is first asked for, and kept.
private final class LatePage: Sendable {
    private let kept = Mutex<CachedPage?>(nil)
    private let make: @Sendable () -> CachedPage

    init(_ make: @escaping @Sendable () -> CachedPage) {
        self.make = make
    }

    /// Two that ask first at the same moment both make it, which does no harm.
    func made() -> CachedPage {
        if let page = kept.withLock({ $0 }) { return page }
        let page = make()
        kept.withLock { $0 = page }
        return page
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
