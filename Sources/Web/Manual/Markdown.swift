internal import CMarkGFM

/// GitHub-flavoured Markdown to HTML, by cmark-gfm.
///
/// Raw HTML and dangerous links are left out by the library; what comes back is made of known elements and escaped text.
struct Markdown {
    struct Heading: Equatable, Sendable {
        let level: Int
        let id: String
        let title: String
    }

    let html: SafeHTML
    /// All headings in order, the page's own title included.
    let headings: [Heading]

    /// `rewrite` is asked for every address of a link or picture.
    init(_ source: String, rewrite: (String) -> String) {
        let rendered = Self.render(source, rewrite: rewrite)
        let anchored = HeadingAnchors(rendered)
        headings = anchored.headings
        html = SafeHTML(rendered: Self.withScrollableParts(TableLabels(anchored.html).html))
    }

    /// Registering twice would be harmless, registering from two threads at once would not.
    private static let registered: Void = cmark_gfm_core_extensions_ensure_registered()

    /// The addresses of all links and pictures, as they are written.
    static func addresses(in source: String) -> [String] {
        var addresses: [String] = []
        withDocument(source) { document, _ in
            rewriteLinks(in: document) { address in
                addresses.append(address)
                return address
            }
        }
        return addresses
    }

    private static func render(_ source: String, rewrite: (String) -> String) -> String {
        var rendered = ""
        withDocument(source) { document, extensions in
            rewriteLinks(in: document, rewrite)
            guard let html = cmark_render_html(document, options, extensions) else { return }
            defer { cmark_get_default_mem_allocator().pointee.free(html) }
            rendered = String(cString: html)
        }
        return rendered
    }

    private static let options = CMARK_OPT_VALIDATE_UTF8

    /// Runs `body` with the parsed text, and the extensions that it was parsed with.
    private static func withDocument(
        _ source: String,
        _ body: (_ document: OpaquePointer, _ extensions: UnsafeMutablePointer<cmark_llist>?) -> Void
    ) {
        _ = registered
        guard let parser = cmark_parser_new(options) else { return }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink"] {
            guard let found = cmark_find_syntax_extension(name) else { continue }
            cmark_parser_attach_syntax_extension(parser, found)
        }
        var text = source
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let document = cmark_parser_finish(parser) else { return }
        defer { cmark_node_free(document) }
        body(document, cmark_parser_get_syntax_extensions(parser))
    }

    private static func rewriteLinks(in document: OpaquePointer, _ rewrite: (String) -> String) {
        guard let iterator = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE else { return }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
            let type = cmark_node_get_type(node)
            guard type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE, let address = cmark_node_get_url(node) else {
                continue
            }
            cmark_node_set_url(node, rewrite(String(cString: address)))
        }
    }

    /// Wide code and tables scroll by themselves, with the keyboard too.
    private static func withScrollableParts(_ html: String) -> String {
        html.replacing("<pre>", with: "<pre tabindex=\"0\">")
            .replacing(
                "<table>",
                with: "<div class=\"table-scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>"
            )
            .replacing("</table>", with: "</table></div>")
    }
}
