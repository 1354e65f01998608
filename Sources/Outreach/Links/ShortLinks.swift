package import Accounts
package import Database
package import Foundation

/// A short address of an account's, and where it leads.
package struct ShortLink: Sendable, Equatable {
    package let slug: LinkSlug
    package let target: String
    package let clicks: Int
    package let createdAt: Date
    /// When it was followed last.
    package let clickedAt: Date?
}

/// The short links of all accounts; each is followed under `/link/SLUG` by anybody.
package struct ShortLinks: Sendable {
    /// Of one account.
    package static let limit = 10_000
    private static let page = 100

    private let database: Database
    /// The server's public address, such as `https://wharf.example`.
    package let origin: String

    package init(database: Database, origin: String) {
        self.database = database
        self.origin = origin
    }

    /// Where a link is followed.
    package func address(of slug: LinkSlug) -> String { "\(origin)/link/\(slug.text)" }

    /// The account's link to an address; the one that it has already, if any.
    ///
    /// Throws ``LinkError``.
    ///
    /// `share` is how much of the account's room may be full afterwards, for links that others make in its name.
    package func make(_ target: String, for account: AccountID, share: Double = 1, at now: Date) async throws
        -> ShortLink
    {
        let limit = Int((Double(Self.limit) * min(max(share, 0), 1)).rounded(.down))
        let target = try LinkTarget(target, own: origin)
        return try await database.withTransaction { transaction in
            if let known = try await Self.find(target, of: account, in: transaction) { return known }
            let row = try await transaction.queryOne(
                "SELECT count(*) AS count FROM short_links WHERE account_id = \(account)"
            )
            guard try row?.decode("count") ?? 0 < limit else { throw LinkError.limitReached(limit) }
            // Two links of one slug would need 62^7 to fall together; the other may be the same link made at this moment.
            for _ in 0..<3 {
                try await transaction.execute(
                    """
                    INSERT INTO short_links (slug, account_id, target, created_at)
                    VALUES (\(LinkSlug.random().text), \(account), \(target.address), \(now))
                    ON CONFLICT DO NOTHING
                    """
                )
                if let made = try await Self.find(target, of: account, in: transaction) { return made }
            }
            throw LinkError.unknown
        }
    }

    /// Where a link leads, which counts as a click; nil where there is none or its account is suspended.
    package func follow(_ slug: LinkSlug, at now: Date) async throws -> String? {
        try await database.queryOne(
            """
            UPDATE short_links SET clicks = clicks + 1, clicked_at = \(now)
            WHERE slug = \(slug.text) AND NOT \(AccountFacts.isSuspended("short_links.account_id"))
            RETURNING target
            """
        )?.decode("target")
    }

    /// The account's links, the newest first, a page of a hundred that begins after `slug`; and whether there are more.
    package func list(
        of account: AccountID,
        after slug: LinkSlug? = nil
    ) async throws -> (links: [ShortLink], hasMore: Bool) {
        let rows = try await database.query(
            """
            SELECT slug, target, clicks, created_at, clicked_at FROM short_links
            WHERE account_id = \(account) AND (\(slug?.text)::text IS NULL OR (created_at, slug) < (
                SELECT created_at, slug FROM short_links WHERE account_id = \(account) AND slug = \(slug?.text)
            ))
            ORDER BY created_at DESC, slug DESC LIMIT \(Self.page + 1)
            """
        )
        return (try rows.prefix(Self.page).map(ShortLink.init), rows.count > Self.page)
    }

    /// All links of an account, the oldest first.
    package func all(of account: AccountID) async throws -> [ShortLink] {
        try await database.query(
            """
            SELECT slug, target, clicks, created_at, clicked_at FROM short_links
            WHERE account_id = \(account) ORDER BY created_at, slug LIMIT \(Self.limit)
            """
        ).map(ShortLink.init)
    }

    /// Takes a link away; throws ``LinkError/unknown`` for what is not the account's.
    package func delete(_ slug: LinkSlug, of account: AccountID) async throws {
        let count = try await database.execute(
            "DELETE FROM short_links WHERE slug = \(slug.text) AND account_id = \(account)"
        )
        guard count == 1 else { throw LinkError.unknown }
    }

    private static func find(
        _ target: LinkTarget,
        of account: AccountID,
        in transaction: Transaction
    ) async throws -> ShortLink? {
        try await transaction.queryOne(
            """
            SELECT slug, target, clicks, created_at, clicked_at FROM short_links
            WHERE account_id = \(account) AND target = \(target.address)
            """
        ).map(ShortLink.init)
    }
}

extension ShortLink {
    fileprivate init(_ row: Row) throws {
        guard let slug = LinkSlug(try row.decode("slug")) else { throw LinkError.unknown }
        self.init(
            slug: slug,
            target: try row.decode("target"),
            clicks: try row.decode("clicks"),
            createdAt: try row.decode("created_at"),
            clickedAt: try row.decodeIfPresent("clicked_at")
        )
    }
}
