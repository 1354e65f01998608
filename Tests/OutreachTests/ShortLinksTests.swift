import Accounts
import Database
import Foundation
import Testing
import WharfTestSupport

@testable import Outreach

@Suite(.timeLimit(.minutes(5)))
struct ShortLinksTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)

    private func account(_ database: Database, _ name: String = "ada") async throws -> AccountID {
        let id = AccountID()
        try await database.execute(
            "INSERT INTO accounts (id, email, name, role) VALUES (\(id), \("\(name)@example.com"), \(name), 'user')"
        )
        return id
    }

    @Test func anAddressHasOneLinkWhichCountsItsClicks() async throws {
        try await withTestDatabase { database in
            let links = ShortLinks(database: database, origin: "https://wharf.example")
            let (ada, eve) = (try await account(database), try await account(database, "eve"))
            let link = try await links.make("example.org/a", for: ada, at: Self.now)
            #expect(link.target == "https://example.org/a" && link.clicks == 0 && link.clickedAt == nil)
            #expect(links.address(of: link.slug) == "https://wharf.example/link/\(link.slug.text)")
            #expect(try await links.make("https://example.org/a", for: ada, at: Self.now + 9) == link)
            #expect(try await links.make("https://example.org/a", for: eve, at: Self.now).slug != link.slug)

            for second in [1.0, 2] {
                #expect(try await links.follow(link.slug, at: Self.now + second) == "https://example.org/a")
            }
            #expect(try await links.follow(.random(), at: Self.now) == nil)
            let followed = try #require(try await links.list(of: ada).links.first)
            #expect(followed.clicks == 2 && followed.clickedAt == Self.now + 2)
        }
    }

    @Test func theSameLinkMadeAtOnceIsOne() async throws {
        try await withTestDatabase { database in
            let links = ShortLinks(database: database, origin: "https://wharf.example")
            let ada = try await account(database)
            let slugs = try await withThrowingTaskGroup(of: LinkSlug.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await links.make("https://example.org", for: ada, at: Self.now).slug }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(slugs.count == 1)
        }
    }

    @Test func onlyItsAccountSeesAndRemovesALink() async throws {
        try await withTestDatabase { database in
            let links = ShortLinks(database: database, origin: "https://wharf.example")
            let (ada, eve) = (try await account(database), try await account(database, "eve"))
            let link = try await links.make("https://example.org", for: ada, at: Self.now)
            #expect(try await links.list(of: eve).links.isEmpty)
            await #expect(throws: LinkError.unknown) { try await links.delete(link.slug, of: eve) }
            #expect(try await links.follow(link.slug, at: Self.now) != nil)
            try await links.delete(link.slug, of: ada)
            #expect(try await links.follow(link.slug, at: Self.now) == nil)
        }
    }

    @Test func aSuspendedAccountsLinksLeadNowhere() async throws {
        try await withTestDatabase { database in
            let links = ShortLinks(database: database, origin: "https://wharf.example")
            let ada = try await account(database)
            let link = try await links.make("https://example.org", for: ada, at: Self.now)
            try await database.execute("UPDATE accounts SET status = 'suspended' WHERE id = \(ada)")
            #expect(try await links.follow(link.slug, at: Self.now) == nil)
            try await database.execute("UPDATE accounts SET status = 'active' WHERE id = \(ada)")
            #expect(try await links.follow(link.slug, at: Self.now) != nil)
            try await database.execute("DELETE FROM accounts WHERE id = \(ada)")
            #expect(try await links.follow(link.slug, at: Self.now) == nil)
        }
    }

    @Test func manyAreListedPageByPageUpToTheLimit() async throws {
        try await withTestDatabase { database in
            let links = ShortLinks(database: database, origin: "https://wharf.example")
            let ada = try await account(database)
            try await database.execute(
                """
                INSERT INTO short_links (slug, account_id, target, created_at)
                SELECT lpad(n::text, 7, '0'), \(ada), 'https://example.org/' || n, \(Self.now)
                FROM generate_series(1, \(ShortLinks.limit)) AS n
                """
            )
            await #expect(throws: LinkError.limitReached(ShortLinks.limit)) {
                try await links.make("https://example.org/more", for: ada, at: Self.now)
            }
            #expect(try await links.make("https://example.org/7", for: ada, at: Self.now).slug.text == "0000007")
            try await database.execute("DELETE FROM short_links WHERE account_id = \(ada) AND slug > '0006000'")
            // Others may make links in somebody's name while half of the room is free.
            await #expect(throws: LinkError.limitReached(ShortLinks.limit / 2)) {
                try await links.make("https://example.org/others", for: ada, share: 0.5, at: Self.now)
            }
            try await database.execute(
                """
                INSERT INTO short_links (slug, account_id, target, created_at)
                SELECT lpad(n::text, 7, '0'), \(ada), 'https://example.org/' || n, \(Self.now)
                FROM generate_series(6001, \(ShortLinks.limit)) AS n
                """
            )
            var seen: [LinkSlug] = []
            repeat {
                let page = try await links.list(of: ada, after: seen.last)
                seen += page.links.map(\.slug)
                #expect(page.hasMore == (seen.count < ShortLinks.limit) && page.links.count == 100)
            } while seen.count < 500
            #expect(seen.map(\.text) == (0..<500).map { String("000000\(ShortLinks.limit - $0)".suffix(7)) })
        }
    }
}
