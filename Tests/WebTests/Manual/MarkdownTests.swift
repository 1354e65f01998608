import Testing

@testable import Web

struct MarkdownTests {
    private func html(_ source: String) -> String {
        Markdown(source, rewrite: { $0 }).html.renderText
    }

    @Test func tablesAndTheRestOfGitHubsMarkdownAreRendered() {
        let html = html(
            "| a | b |\n| --- | ---: |\n| 1 | `2` |\n\n~~gone~~ https://wharf.example **bold**\n\n```sh\ncurl <x>\n```\n"
        )
        #expect(html.contains("<div class=\"table-scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>"))
        #expect(html.contains("<td data-label=\"b\" align=\"right\"><code>2</code></td>"))
        #expect(html.contains("<del>gone</del>"))
        #expect(html.contains("<a href=\"https://wharf.example\">"))
        #expect(html.contains("<pre tabindex=\"0\"><code class=\"language-sh\">curl &lt;x&gt;"))
        #expect(!html.contains("style="))
    }

    @Test func cellsOfTablesCarryTheHeadingOfTheirColumn() {
        let html = html(
            "| Key | The `unit` \"of\" it | |\n| --- | --- | --- |\n| `A` | one <b> | x |\n| `B` |\n\n"
                + "text\n\n| Other | Second |\n| --- | --- |\n| 1 | 2 |\n"
        )
        #expect(html.contains("<td><code>A</code></td>"))
        #expect(html.contains("<td data-label=\"The unit &quot;of&quot; it\">one"))
        #expect(html.contains("<td data-label=\"\">x</td>"))
        #expect(html.contains("<td data-label=\"Second\">2</td>"))
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "[x](javascript:alert(1))", "<h2>raw</h2>",
        "![x](data:text/html,<script>)", "[x](vbscript:x)", "<style>*{}</style>",
    ])
    func nothingDangerousComesThrough(source: String) {
        let html = html(source)
        #expect(!html.contains("<script"))
        #expect(!html.contains("javascript:"))
        #expect(!html.contains("vbscript:"))
        #expect(!html.contains("onerror"))
        #expect(!html.contains("data:text"))
        #expect(!html.contains("<h2"))
        #expect(!html.contains("<style"))
    }

    @Test func headingsGetIDsAsGitHubMakesThem() {
        let markdown = Markdown(
            "# Title\n## Check a *session* ID\n## What's `new`?\n## Twice\n### Twice\n## Über uns\n## ???\n",
            rewrite: { $0 }
        )
        #expect(
            markdown.headings.map(\.id)
                == ["title", "check-a-session-id", "whats-new", "twice", "twice-1", "über-uns", "section"]
        )
        #expect(markdown.headings.map(\.title).prefix(3) == ["Title", "Check a session ID", "What's new?"])
        #expect(markdown.headings.map(\.level) == [1, 2, 2, 2, 3, 2, 2])
        #expect(
            markdown.html.renderText.contains(
                "<h2 id=\"check-a-session-id\">Check a <em>session</em> ID <a class=\"anchor\""
            )
        )
    }

    @Test(arguments: [
        ("troubleshooting.md", "/docs/troubleshooting", false), ("index.md", "/docs", false),
        ("troubleshooting.md#no-qr", "/docs/troubleshooting#no-qr", false), ("#here", "#here", false),
        ("https://x.example/a.md", "https://x.example/a.md", false), ("/generate", "/generate", false),
        ("images/a.png", "/docs/images/a.png", false), ("images/b.png", "images/b.png", true),
        ("nothing.md", "nothing.md", true), ("../LICENSE", "../LICENSE", false),
    ])
    func linksLeadToOurPages(written: String, address: String, isBroken: Bool) {
        let pages = ["index.md": "/docs", "troubleshooting.md": "/docs/troubleshooting"]
        let link = ManualLink(written, pages: pages, images: ["images/a.png"])
        #expect(link.address == address)
        #expect(link.isBroken == isBroken)
    }

    @Test func anyTextIsRendered() {
        let alphabet = Array("#*_`[]()<>|\n -!&\"'~:/.a1\\\u{0}é😀")
        for _ in 0..<3000 {
            let source = String((0..<Int.random(in: 0...80)).compactMap { _ in alphabet.randomElement() })
            #expect(html(source).firstMatch(of: #/<(script|img [^>]*on)/#) == nil, "\(source)")
        }
    }
}
