internal import Database
internal import Foundation

/// Second factors: their keys, recovery codes and logins that wait for a code.
struct SecondFactorRepository: Sendable {
    let database: Database

    /// The encrypted key and the newest step that was used; nil without a key.
    func find(
        _ account: AccountID,
        on runner: (any StatementRunner)? = nil
    ) async throws -> (secret: [UInt8], step: Int64)? {
        let row = try await (runner ?? database).queryOne(
            "SELECT totp_secret, totp_step FROM accounts WHERE id = \(account) AND totp_secret IS NOT NULL"
        )
        guard let row else { return nil }
        return (try row.decode("totp_secret"), try row.decode("totp_step"))
    }

    /// Every account's encrypted key.
    func sealed() async throws -> [(account: AccountID, secret: [UInt8])] {
        try await database.query("SELECT id, totp_secret FROM accounts WHERE totp_secret IS NOT NULL").map { row in
            (try row.decode("id"), try row.decode("totp_secret"))
        }
    }

    /// The same key, encrypted anew; nothing happens where it was replaced in between.
    func reseal(_ account: AccountID, from old: [UInt8], to new: [UInt8]) async throws {
        try await database.execute(
            "UPDATE accounts SET totp_secret = \(new) WHERE id = \(account) AND totp_secret = \(old)"
        )
    }

    /// Keeps a key that is not confirmed yet; false where the second factor is on.
    func propose(_ secret: [UInt8], for account: AccountID) async throws -> Bool {
        try await database.execute(
            "UPDATE accounts SET totp_secret = \(secret), totp_step = 0 WHERE id = \(account) AND totp_enabled_at IS NULL"
        ) == 1
    }

    /// Uses a step up; false when it, or a later one, was used before.
    func use(_ step: Int64, of account: AccountID, on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute(
            "UPDATE accounts SET totp_step = \(step) WHERE id = \(account) AND totp_step < \(step)"
        ) == 1
    }

    func enable(_ account: AccountID, at now: Date, on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute(
            """
            UPDATE accounts SET totp_enabled_at = \(now)
            WHERE id = \(account) AND totp_enabled_at IS NULL AND totp_secret IS NOT NULL
            """
        ) == 1
    }

    /// Takes every trace of a second factor away, a key that waits for its first code too.
    func forget(_ account: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM recovery_codes WHERE account_id = \(account)")
        try await runner.execute(
            "UPDATE accounts SET totp_secret = NULL, totp_enabled_at = NULL, totp_step = 0 WHERE id = \(account)"
        )
    }

    /// False when it was off.
    func disable(_ account: AccountID, on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute("DELETE FROM recovery_codes WHERE account_id = \(account)")
        return try await runner.execute(
            """
            UPDATE accounts SET totp_secret = NULL, totp_enabled_at = NULL, totp_step = 0
            WHERE id = \(account) AND totp_enabled_at IS NOT NULL
            """
        ) == 1
    }

    func replaceRecoveryCodes(
        _ hashes: [[UInt8]],
        of account: AccountID,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute("DELETE FROM recovery_codes WHERE account_id = \(account)")
        for hash in hashes {
            try await runner.execute("INSERT INTO recovery_codes (account_id, code_hash) VALUES (\(account), \(hash))")
        }
    }

    func useRecoveryCode(
        _ hash: [UInt8],
        of account: AccountID,
        at now: Date,
        on runner: any StatementRunner
    ) async throws -> Bool {
        try await runner.execute(
            """
            UPDATE recovery_codes SET used_at = \(now)
            WHERE account_id = \(account) AND code_hash = \(hash) AND used_at IS NULL
            """
        ) == 1
    }

    func recoveryCodesLeft(of account: AccountID) async throws -> Int {
        let row = try await database.queryOne(
            "SELECT count(*) AS number FROM recovery_codes WHERE account_id = \(account) AND used_at IS NULL"
        )
        return Int(try row?.decode("number", as: Int64.self) ?? 0)
    }

    func addChallenge(
        _ hash: [UInt8],
        for account: AccountID,
        until end: Date,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            "INSERT INTO login_challenges (token_hash, account_id, expires_at) VALUES (\(hash), \(account), \(end))"
        )
    }

    /// Counts one try at a challenge and names its account; nil when it is over.
    func tryChallenge(_ hash: [UInt8], at now: Date, limit: Int) async throws -> AccountID? {
        let row = try await database.queryOne(
            """
            UPDATE login_challenges SET tries = tries + 1
            WHERE token_hash = \(hash) AND expires_at > \(now) AND tries < \(limit) RETURNING account_id
            """
        )
        return try row?.decode("account_id")
    }

    func endChallenge(_ hash: [UInt8], on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute("DELETE FROM login_challenges WHERE token_hash = \(hash)") == 1
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM login_challenges WHERE expires_at <= \(now)")
    }
}
