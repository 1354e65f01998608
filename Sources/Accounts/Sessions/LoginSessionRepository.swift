internal import Database
internal import Foundation

/// Browsers that are logged in.
struct LoginSessionRepository: Sendable {
    let database: Database

    func insert(
        _ id: LoginSessionID,
        of account: AccountID,
        tokenHash: [UInt8],
        at now: Date,
        until end: Date,
        caller: Caller,
        impersonator: (account: AccountID, session: LoginSessionID)? = nil,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            INSERT INTO login_sessions (id, account_id, token_hash, created_at, last_seen_at, expires_at, confirmed_at,
                address, user_agent, impersonator_id, impersonator_session_id)
            VALUES (\(id), \(account), \(tokenHash), \(now), \(now), \(end), \(now), \(caller.address),
                \(caller.userAgent), \(impersonator?.account), \(impersonator?.session))
            """
        )
    }

    struct Found {
        let id: LoginSessionID
        let account: Account
        let createdAt: Date
        let lastSeenAt: Date
        let confirmedAt: Date
        let impersonator: AccountID?
    }

    /// The session behind a cookie, with an account that may be used.
    func find(tokenHash: [UInt8], at now: Date) async throws -> Found? {
        let row = try await database.queryOne(
            """
            SELECT login_sessions.id AS session_id, login_sessions.created_at AS session_created_at,
                login_sessions.last_seen_at, login_sessions.confirmed_at, login_sessions.impersonator_id,
                \(Account.columns)
            FROM login_sessions JOIN accounts ON accounts.id = login_sessions.account_id
            WHERE login_sessions.token_hash = \(tokenHash) AND login_sessions.expires_at > \(now)
                AND accounts.status = 'active'
            """
        )
        guard let row else { return nil }
        return Found(
            id: try row.decode("session_id"),
            account: try Account(row),
            createdAt: try row.decode("session_created_at"),
            lastSeenAt: try row.decode("last_seen_at"),
            confirmedAt: try row.decode("confirmed_at"),
            impersonator: try row.decodeIfPresent("impersonator_id")
        )
    }

    func touch(_ id: LoginSessionID, at now: Date, until end: Date, caller: Caller) async throws {
        try await database.execute(
            """
            UPDATE login_sessions SET last_seen_at = \(now), expires_at = \(end), address = \(caller.address),
                user_agent = \(caller.userAgent)
            WHERE id = \(id)
            """
        )
    }

    func confirm(_ id: LoginSessionID, of account: AccountID, at now: Date) async throws {
        try await database.execute(
            "UPDATE login_sessions SET confirmed_at = \(now) WHERE id = \(id) AND account_id = \(account)"
        )
    }

    /// The sessions of an account, newest first.
    func all(of account: AccountID, at now: Date) async throws -> [LoginSession] {
        let rows = try await database.query(
            """
            SELECT id, created_at, last_seen_at, expires_at, address, user_agent,
                impersonator_id IS NOT NULL AS is_impersonated
            FROM login_sessions WHERE account_id = \(account) AND expires_at > \(now)
            ORDER BY last_seen_at DESC LIMIT 200
            """
        )
        return try rows.map { row in
            LoginSession(
                id: try row.decode("id"),
                createdAt: try row.decode("created_at"),
                lastSeenAt: try row.decode("last_seen_at"),
                expiresAt: try row.decode("expires_at"),
                address: try row.decode("address"),
                userAgent: try row.decode("user_agent"),
                isImpersonated: try row.decode("is_impersonated")
            )
        }
    }

    /// False when the account has no such session.
    func delete(
        _ id: LoginSessionID,
        of account: AccountID,
        on runner: (any StatementRunner)? = nil
    ) async throws -> Bool {
        try await (runner ?? database).execute(
            "DELETE FROM login_sessions WHERE id = \(id) AND account_id = \(account)"
        ) == 1
    }

    /// Gives the session from which an administrator looked on a new cookie; false when it is over.
    func resume(
        from id: LoginSessionID,
        of administrator: AccountID,
        tokenHash: [UInt8],
        at now: Date,
        on runner: any StatementRunner
    ) async throws -> Bool {
        try await runner.execute(
            """
            UPDATE login_sessions SET token_hash = \(tokenHash)
            WHERE account_id = \(administrator) AND impersonator_id IS NULL AND expires_at > \(now)
                AND id = (SELECT impersonator_session_id FROM login_sessions WHERE id = \(id))
            """
        ) == 1
    }

    /// Ends every session in which the account looks on as somebody else.
    func endLookingOn(by account: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM login_sessions WHERE impersonator_id = \(account)")
    }

    /// Logs the account out in the browsers that it used least lately, beyond so many.
    func keep(
        _ limit: Int,
        of account: AccountID,
        with newest: LoginSessionID,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            DELETE FROM login_sessions WHERE id IN (
                SELECT id FROM login_sessions WHERE account_id = \(account) AND impersonator_id IS NULL
                ORDER BY id = \(newest) DESC, last_seen_at DESC, created_at DESC OFFSET \(limit))
            """
        )
    }

    /// Logs the account out everywhere, but for one browser if one is named; how many there were.
    ///
    /// Looking on as somebody else ends too.
    @discardableResult
    func deleteAll(
        of account: AccountID,
        except kept: LoginSessionID? = nil,
        on runner: any StatementRunner
    ) async throws -> Int {
        try await runner.execute(
            """
            DELETE FROM login_sessions
            WHERE (account_id = \(account) OR impersonator_id = \(account)) AND (\(kept)::uuid IS NULL OR id <> \(kept))
            """
        )
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM login_sessions WHERE expires_at <= \(now)")
    }
}
