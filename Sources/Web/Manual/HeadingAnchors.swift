/// Gives the headings of rendered Markdown their ids.
///
/// Text in the rendering is escaped, so that `<h2>` in it is always a heading.
struct HeadingAnchors {
    private(set) var html = ""
    private(set) var headings: [Markdown.Heading] = []
    private var taken: [String: Int] = [:]

    init(_ rendered: String) {
        var rest = rendered[...]
        while let found = rest.firstMatch(of: #/<h([1-6])>/#) {
            html += rest[..<found.range.lowerBound]
            rest = rest[found.range.upperBound...]
            guard let level = Int(found.1), let end = rest.firstRange(of: "</h\(level)>") else { continue }
            let inner = rest[..<end.lowerBound]
            let title = Self.plainText(inner)
            let id = unusedID(for: title)
            headings.append(Markdown.Heading(level: level, id: id, title: title))
            html += "<h\(level) id=\"\(id)\">\(inner)"
            if level > 1 {
                let label = "Link to “\(title)”".escapedForHTML
                html += " <a class=\"anchor\" href=\"#\(id)\" aria-label=\"\(label)\">#</a>"
            }
            html += "</h\(level)>"
            rest = rest[end.upperBound...]
        }
        html += rest
    }

    /// As GitHub does it, so that links between pages work in both places.
    private mutating func unusedID(for title: String) -> String {
        var slug = ""
        for character in title.lowercased() {
            if character.isLetter || character.isNumber || character == "_" || character == "-" {
                slug.append(character)
            } else if character == " " {
                slug.append("-")
            }
        }
        if slug.isEmpty { slug = "section" }
        let used = taken[slug, default: 0]
        taken[slug] = used + 1
        return used == 0 ? slug : "\(slug)-\(used)"
    }

    private static func plainText(_ inner: Substring) -> String {
        String(inner.replacing(#/<[^>]*>/#, with: ""))
            .replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"")
            .replacing("&amp;", with: "&")
    }
}
