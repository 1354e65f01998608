import Accounts
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct ManualTests {
    @Test func everyPageOfTheNavigationIsServed() async throws {
        let navigation = try Navigation(share: ShareFolder(path: sharePath))
        try await withSite { (site) async throws in
            for page in navigation.pages {
                let reply = try await site.get(page.url)
                #expect(reply.status == 200)
                #expect(reply.text.contains("<title>\(page.title.escapedForHTML) · Wharf manual</title>"))
                #expect(reply.text.contains("<a href=\"\(page.url)\" aria-current=\"page\">"))
                #expect(reply.text.contains("rel=\"canonical\" href=\"\(page.url)\""))
                #expect(AccessibilityLint(reply.text).complaints == [], "\(page.url)")
            }
        }
    }

    @Test func pagesLeadToTheirNeighbours() async throws {
        let pages = try Navigation(share: ShareFolder(path: sharePath)).pages
        try await withSite { (site) async throws in
            let html = try await site.get(pages[1].url).text
            #expect(html.contains("href=\"\(pages[0].url)\" rel=\"prev\""))
            #expect(html.contains("href=\"\(pages[2].url)\" rel=\"next\""))
            #expect(try await !site.get(pages[0].url).text.contains("rel=\"prev\""))
        }
    }

    /// Links to a place on a page lead to one that is there, in each language.
    @Test func linksToHeadingsLeadToThem() throws {
        let share = try ShareFolder(path: sharePath)
        let pages = try Navigation(share: share).pages
        for language in Language.allCases {
            for file in pages.map({ $0.file(in: language) }) {
                for link in try share.text(of: "docs/\(file)").matches(of: #/\]\(([a-z.\/-]*)#([^)]+)\)/#) {
                    guard !link.1.hasPrefix("/") else { continue }
                    let target = link.1.isEmpty ? file : Self.path(of: String(link.1), from: file)
                    let found = Markdown(try share.text(of: "docs/\(target)"), rewrite: { $0 })
                    // What a page in English is linked to from another language is its English text.
                    #expect(found.headings.map(\.id).contains(String(link.2)), "\(file): \(link.0)")
                    let shown = pages.first { $0.file(in: language) == target || $0.file == target }
                    #expect(
                        shown?.file(in: language) == target,
                        "\(file) links to \(target), which is not shown in \(language)"
                    )
                }
            }
        }
    }

    private static func path(of link: String, from file: String) -> String {
        if link.hasPrefix("../") { return String(link.dropFirst(3)) }
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        return folder.isEmpty ? link : "\(folder)/\(link)"
    }
}
