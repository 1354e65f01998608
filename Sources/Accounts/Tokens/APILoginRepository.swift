internal import Database
internal import Foundation

/// Programs that logged in with a password, and their lines of refresh tokens.
struct APILoginRepository: Sendable {
    let database: Database

    func insert(
        _ id: APILoginID,
        of account: AccountID,
        refreshHash: [UInt8],
        at now: Date,
        until end: Date,
        caller: Caller,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            INSERT INTO api_logins (id, account_id, created_at, last_used_at, expires_at, address, user_agent)
            VALUES (\(id), \(account), \(now), \(now), \(end), \(caller.address), \(caller.userAgent))
            """
        )
        try await addToken(refreshHash, to: id, at: now, on: runner)
    }

    /// Logs out the programs that were used least lately, beyond so many.
    func keep(
        _ limit: Int,
        of account: AccountID,
        with newest: APILoginID,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            DELETE FROM api_logins WHERE id IN (
                SELECT id FROM api_logins WHERE account_id = \(account)
                ORDER BY id = \(newest) DESC, last_used_at DESC, created_at DESC, id OFFSET \(limit))
            """
        )
    }

    func addToken(_ hash: [UInt8], to id: APILoginID, at now: Date, on runner: any StatementRunner) async throws {
        try await runner.execute(
            "INSERT INTO refresh_tokens (token_hash, login_id, created_at) VALUES (\(hash), \(id), \(now))"
        )
    }

    /// Uses a refresh token up.
    ///
    /// Nil when there is none; `wasUsed` when this is the second time.
    func use(
        _ hash: [UInt8],
        at now: Date,
        on runner: any StatementRunner
    ) async throws -> (login: APILoginID, account: AccountID, wasUsed: Bool)? {
        let row = try await runner.queryOne(
            """
            SELECT api_logins.id, api_logins.account_id, refresh_tokens.used_at IS NOT NULL AS was_used
            FROM refresh_tokens JOIN api_logins ON api_logins.id = refresh_tokens.login_id
            JOIN accounts ON accounts.id = api_logins.account_id
            WHERE refresh_tokens.token_hash = \(hash) AND api_logins.expires_at > \(now) AND accounts.status = 'active'
            FOR UPDATE OF refresh_tokens, api_logins
            """
        )
        guard let row else { return nil }
        try await runner.execute(
            "UPDATE refresh_tokens SET used_at = \(now) WHERE token_hash = \(hash) AND used_at IS NULL"
        )
        return (try row.decode("id"), try row.decode("account_id"), try row.decode("was_used"))
    }

    func extend(_ id: APILoginID, at now: Date, until end: Date, on runner: any StatementRunner) async throws {
        try await runner.execute(
            "UPDATE api_logins SET last_used_at = \(now), expires_at = \(end) WHERE id = \(id)"
        )
        // Old links of the chain are kept for as long as somebody may still try them.
        try await runner.execute(
            "DELETE FROM refresh_tokens WHERE login_id = \(id) AND used_at < \(now.addingTimeInterval(-7 * 86_400))"
        )
    }

    /// The account of a login that has not been ended.
    func account(of id: APILoginID, at now: Date) async throws -> Account? {
        try await database.queryOne(
            """
            SELECT \(Account.columns) FROM api_logins JOIN accounts ON accounts.id = api_logins.account_id
            WHERE api_logins.id = \(id) AND api_logins.expires_at > \(now) AND accounts.status = 'active'
            """
        ).map(Account.init)
    }

    /// Those of an account that have not ended, the one that was used last first.
    func all(of account: AccountID, at now: Date) async throws -> [ProgramLogin] {
        try await database.query(
            """
            SELECT id, created_at, last_used_at, expires_at, address, user_agent FROM api_logins
            WHERE account_id = \(account) AND expires_at > \(now)
            ORDER BY last_used_at DESC, id LIMIT 200
            """
        ).map { row in
            ProgramLogin(
                id: try row.decode("id"),
                createdAt: try row.decode("created_at"),
                lastUsedAt: try row.decode("last_used_at"),
                expiresAt: try row.decode("expires_at"),
                address: try row.decode("address"),
                userAgent: try row.decode("user_agent")
            )
        }
    }

    @discardableResult
    func delete(_ id: APILoginID, of account: AccountID, on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute("DELETE FROM api_logins WHERE id = \(id) AND account_id = \(account)") == 1
    }

    func deleteAll(of account: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM api_logins WHERE account_id = \(account)")
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM api_logins WHERE expires_at <= \(now)")
    }
}
