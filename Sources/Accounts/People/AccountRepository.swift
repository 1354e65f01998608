internal import Database
internal import Foundation

/// Accounts themselves.
struct AccountRepository: Sendable {
    let database: Database

    func find(_ id: AccountID, on runner: (any StatementRunner)? = nil) async throws -> Account? {
        try await (runner ?? database).queryOne("SELECT \(Account.columns) FROM accounts WHERE id = \(id)")
            .map(Account.init)
    }

    func find(_ email: EmailAddress, on runner: (any StatementRunner)? = nil) async throws -> Account? {
        try await (runner ?? database).queryOne("SELECT \(Account.columns) FROM accounts WHERE email = \(email)")
            .map(Account.init)
    }

    /// The account with its password's hash, for whoever checks it.
    func findWithPassword(_ email: EmailAddress) async throws -> (account: Account, hash: String?)? {
        let row = try await database.queryOne(
            "SELECT \(Account.columns), accounts.password_hash FROM accounts WHERE email = \(email)"
        )
        guard let row else { return nil }
        return (try Account(row), try row.decodeIfPresent("password_hash"))
    }

    func passwordHash(of id: AccountID) async throws -> String? {
        let row = try await database.queryOne("SELECT password_hash FROM accounts WHERE id = \(id)")
        return try row?.decodeIfPresent("password_hash")
    }

    /// Adds an account; throws ``AccountsError/emailTaken`` where the address has one.
    func insert(
        _ id: AccountID,
        email: EmailAddress,
        isVerified: Bool,
        name: String,
        role: Role,
        language: Language?,
        passwordHash: String?,
        at now: Date,
        on runner: any StatementRunner
    ) async throws {
        let inserted = try await runner.execute(
            """
            INSERT INTO accounts (id, email, email_verified_at, name, role, language, password_hash, password_changed_at,
                created_at)
            VALUES (\(id), \(email), \(isVerified ? now : nil), \(name), \(role.rawValue), \(language?.rawValue),
                \(passwordHash), \(passwordHash == nil ? nil : now), \(now))
            ON CONFLICT (email) DO NOTHING
            """
        )
        guard inserted == 1 else { throw AccountsError.emailTaken }
    }

    func setPasswordHash(_ hash: String, of id: AccountID, at now: Date, on runner: any StatementRunner) async throws {
        try await runner.execute(
            "UPDATE accounts SET password_hash = \(hash), password_changed_at = \(now) WHERE id = \(id)"
        )
    }

    /// The same password, hashed with more work; nothing happens where it was changed in between.
    ///
    /// - Returns: whether the account has the new hash.
    func upgradePasswordHash(from old: String, to new: String, of id: AccountID) async throws -> Bool {
        try await database.execute(
            "UPDATE accounts SET password_hash = \(new) WHERE id = \(id) AND password_hash = \(old)"
        ) == 1
    }

    func setLastLogin(of id: AccountID, at now: Date, on runner: any StatementRunner) async throws {
        try await runner.execute("UPDATE accounts SET last_login_at = \(now) WHERE id = \(id)")
    }

    func setName(_ name: String, of id: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("UPDATE accounts SET name = \(name) WHERE id = \(id)")
    }

    func setLanguage(_ language: Language?, of id: AccountID) async throws {
        try await database.execute("UPDATE accounts SET language = \(language?.rawValue) WHERE id = \(id)")
    }

    /// Sets a proved address; throws ``AccountsError/emailTaken`` where another account has it.
    func setEmail(_ email: EmailAddress, of id: AccountID, at now: Date, on runner: any StatementRunner) async throws {
        do {
            try await runner.execute(
                """
                UPDATE accounts SET email = \(email), email_verified_at =
                    CASE WHEN email = \(email) THEN coalesce(email_verified_at, \(now)) ELSE \(now) END
                WHERE id = \(id)
                """
            )
        } catch DatabaseError.uniqueViolation {
            throw AccountsError.emailTaken
        }
    }

    func setRole(_ role: Role, of id: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("UPDATE accounts SET role = \(role.rawValue) WHERE id = \(id)")
    }

    func setStatus(_ status: Account.Status, of id: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("UPDATE accounts SET status = \(status.rawValue) WHERE id = \(id)")
    }

    func delete(_ id: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM accounts WHERE id = \(id)")
    }

    /// The account, which nobody else changes before the transaction is over.
    func lock(_ id: AccountID, on transaction: Transaction) async throws -> Account? {
        try await transaction.queryOne("SELECT \(Account.columns) FROM accounts WHERE id = \(id) FOR UPDATE")
            .map(Account.init)
    }

    func lockPasswordHash(of id: AccountID, on transaction: Transaction) async throws -> String? {
        try await transaction.queryOne("SELECT password_hash FROM accounts WHERE id = \(id) FOR UPDATE")?
            .decodeIfPresent("password_hash")
    }

    /// What a login rests on, which nobody changes before the transaction is over.
    func lockForLogin(
        _ id: AccountID,
        on transaction: Transaction
    ) async throws -> (status: Account.Status, hash: String?)? {
        let row = try await transaction.queryOne(
            "SELECT \(Account.columns), accounts.password_hash FROM accounts WHERE id = \(id) FOR NO KEY UPDATE"
        )
        guard let row else { return nil }
        return (try Account(row).status, try row.decodeIfPresent("password_hash"))
    }

    /// How many administrators there are besides one, all of whom stay until the transaction is over.
    func administrators(besides id: AccountID?, on runner: any StatementRunner) async throws -> Int {
        try await runner.query(
            "SELECT id FROM accounts WHERE role = 'admin' AND status = 'active' ORDER BY id FOR UPDATE"
        ).count { row in try row.decode("id", as: AccountID.self) != id }
    }

    func search(_ search: AccountSearch, limit: Int) async throws -> [Account] {
        let pattern = search.text.map { "%" + AuditLog.escaped($0.storable(300)) + "%" }
        return try await database.query(
            """
            SELECT \(Account.columns) FROM accounts
            WHERE (\(pattern)::text IS NULL OR accounts.email ILIKE \(pattern) OR accounts.name ILIKE \(pattern))
                AND (\(search.role?.rawValue)::text IS NULL OR accounts.role = \(search.role?.rawValue))
                AND (\(search.status?.rawValue)::text IS NULL OR accounts.status = \(search.status?.rawValue))
            ORDER BY \(Self.order(search)), accounts.id LIMIT \(limit) OFFSET \(search.offset)
            """
        ).map(Account.init)
    }

    private static func order(_ search: AccountSearch) -> SQL {
        switch (search.order, search.isDescending) {
        case (.created, false): "accounts.created_at"
        case (.created, true): "accounts.created_at DESC"
        case (.name, false): "lower(accounts.name)"
        case (.name, true): "lower(accounts.name) DESC"
        case (.email, false): "accounts.email"
        case (.email, true): "accounts.email DESC"
        case (.login, false): "accounts.last_login_at NULLS FIRST"
        case (.login, true): "accounts.last_login_at DESC NULLS LAST"
        }
    }
}
