internal import Database
internal import Foundation

/// Accounts elsewhere that open ours, and logins there that are under way.
struct IdentityRepository: Sendable {
    let database: Database

    struct Attempt {
        let provider: String
        let nonce: String
        let verifier: String
        let returnPath: String
        /// The account that links, where it is no login.
        let account: AccountID?
    }

    func begin(
        _ attempt: Attempt,
        stateHash: [UInt8],
        browserHash: [UInt8],
        until end: Date
    ) async throws {
        try await database.execute(
            """
            INSERT INTO oauth_attempts (state_hash, browser_hash, provider, nonce, verifier, return_path, account_id,
                expires_at)
            VALUES (\(stateHash), \(browserHash), \(attempt.provider), \(attempt.nonce), \(attempt.verifier),
                \(attempt.returnPath), \(attempt.account), \(end))
            """
        )
    }

    /// Uses an attempt up, if it is this browser's.
    func take(stateHash: [UInt8], browserHash: [UInt8], provider: String, at now: Date) async throws -> Attempt? {
        let row = try await database.queryOne(
            """
            DELETE FROM oauth_attempts
            WHERE state_hash = \(stateHash) AND browser_hash = \(browserHash) AND provider = \(provider)
                AND expires_at > \(now)
            RETURNING nonce, verifier, return_path, account_id
            """
        )
        guard let row else { return nil }
        return Attempt(
            provider: provider,
            nonce: try row.decode("nonce"),
            verifier: try row.decode("verifier"),
            returnPath: try row.decode("return_path"),
            account: try row.decodeIfPresent("account_id")
        )
    }

    func account(of subject: String, at provider: String, on runner: any StatementRunner) async throws -> AccountID? {
        try await runner.queryOne(
            "SELECT account_id FROM account_identities WHERE provider = \(provider) AND subject = \(subject)"
        )?.decode("account_id")
    }

    /// False where the account has another identity there, or the identity another account here.
    func link(
        _ identity: ProvidedIdentity,
        at provider: String,
        to account: AccountID,
        at now: Date,
        on runner: any StatementRunner
    ) async throws -> Bool {
        try await runner.execute(
            """
            INSERT INTO account_identities (provider, subject, account_id, email, created_at, last_used_at)
            VALUES (\(provider), \(identity.subject), \(account), \(identity.email), \(now), \(now))
            ON CONFLICT DO NOTHING
            """
        ) == 1
    }

    func touch(
        _ identity: ProvidedIdentity,
        at provider: String,
        at now: Date,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            UPDATE account_identities SET last_used_at = \(now), email = \(identity.email)
            WHERE provider = \(provider) AND subject = \(identity.subject)
            """
        )
    }

    func all(of account: AccountID, on runner: (any StatementRunner)? = nil) async throws -> [LinkedIdentity] {
        try await (runner ?? database).query(
            """
            SELECT provider, email, created_at, last_used_at FROM account_identities
            WHERE account_id = \(account) ORDER BY provider
            """
        ).map { row in
            LinkedIdentity(
                provider: try row.decode("provider"),
                email: try row.decode("email"),
                createdAt: try row.decode("created_at"),
                lastUsedAt: try row.decode("last_used_at")
            )
        }
    }

    func unlink(_ provider: String, from account: AccountID, on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute(
            "DELETE FROM account_identities WHERE provider = \(provider) AND account_id = \(account)"
        ) == 1
    }

    func unlinkAll(from account: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM account_identities WHERE account_id = \(account)")
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM oauth_attempts WHERE expires_at <= \(now)")
    }
}
