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
    func upgradePasswordHash(from old: String, to new: String, of id: AccountID) async throws {
        try await database.execute(
            "UPDATE accounts SET password_hash = \(new) WHERE id = \(id) AND password_hash = \(old)"
        )
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
}
