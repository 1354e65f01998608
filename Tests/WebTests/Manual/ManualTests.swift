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
}
