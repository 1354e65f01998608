internal import Database
internal import Foundation

/// Links in mails, and the administrator's first one; each is taken once.
struct AccountLinkRepository: Sendable {
    enum Kind: String {
        case verifyEmail = "verify-email"
        case resetPassword = "reset-password"
        case setUp = "set-up"
    }

    struct Link {
        let account: AccountID?
        let email: String?
    }

    let database: Database

    /// Puts a link down in place of an older one of its kind.
    func replace(
        _ kind: Kind,
        of account: AccountID?,
        email: EmailAddress?,
        hash: [UInt8],
        at now: Date,
        until end: Date,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            "DELETE FROM account_links WHERE kind = \(kind.rawValue) AND account_id IS NOT DISTINCT FROM \(account)"
        )
        try await runner.execute(
            """
            INSERT INTO account_links (token_hash, kind, account_id, email, created_at, expires_at)
            VALUES (\(hash), \(kind.rawValue), \(account), \(email), \(now), \(end))
            """
        )
    }

    /// The link, if it is still good.
    func find(_ hash: [UInt8], _ kind: Kind, at now: Date) async throws -> Link? {
        try await database.queryOne(
            """
            SELECT account_id, email FROM account_links
            WHERE token_hash = \(hash) AND kind = \(kind.rawValue) AND expires_at > \(now)
            """
        ).map(Self.link)
    }

    /// Uses the link up; nil when somebody was quicker.
    func take(_ hash: [UInt8], _ kind: Kind, at now: Date, on runner: any StatementRunner) async throws -> Link? {
        try await runner.queryOne(
            """
            DELETE FROM account_links
            WHERE token_hash = \(hash) AND kind = \(kind.rawValue) AND expires_at > \(now)
            RETURNING account_id, email
            """
        ).map(Self.link)
    }

    /// Voids every link of an account, and every login of it that waits for a code.
    func voidAll(of account: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM account_links WHERE account_id = \(account)")
        try await runner.execute("DELETE FROM login_challenges WHERE account_id = \(account)")
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM account_links WHERE expires_at <= \(now)")
    }

    private static func link(_ row: Row) throws -> Link {
        Link(account: try row.decodeIfPresent("account_id"), email: try row.decodeIfPresent("email"))
    }
}
