internal import Crypto
internal import Database
internal import Foundation

/// Counts attempts in the database, so that several processes count together and a restart forgets nothing.
struct AttemptLimits: Sendable {
    enum Kind: String, Sendable {
        case loginAddress = "login-address"
        case loginAccount = "login-account"
        case resetAddress = "reset-address"
        /// Mails with links for new passwords to one address; never told to whoever asks.
        case resetAccount = "reset-account"
        /// Mails about registering to one address; never told either.
        case registrationMail = "registration-mail"
        /// What an account has sent to itself: links that prove its address, or a new one.
        case verification
        /// An account's own password, typed once more.
        case confirmation
        /// Offers of bots to addresses.
        case offer
        case registration
        case code
        /// New passwords, because each is hashed.
        case password
        /// Logins of an address, right or wrong.
        case logins
    }

    let database: Database
    /// Hides the subjects from whoever sees the table.
    let key: SymmetricKey
    let now: @Sendable () -> Date

    /// Takes one attempt or throws ``AccountsError/tooManyAttempts(retryAfter:)``.
    func take(_ kind: Kind, by subject: String, _ limit: AttemptLimit) async throws {
        let wait = try await change(kind, subject) { $0.take(limit, at: now()) }
        if let wait { throw AccountsError.tooManyAttempts(retryAfter: wait) }
    }

    /// Takes one attempt; false where there is none left.
    func allows(_ kind: Kind, by subject: String, _ limit: AttemptLimit) async throws -> Bool {
        try await change(kind, subject) { $0.take(limit, at: now()) } == nil
    }

    /// Gives one attempt back that turned out to be right.
    func giveBack(_ kind: Kind, by subject: String) async throws {
        try await change(kind, subject) { $0.giveBack() }
    }

    /// Forgets everything about a subject.
    func forget(_ kind: Kind, by subject: String) async throws {
        try await database.execute(
            "DELETE FROM attempt_limits WHERE kind = \(kind.rawValue) AND subject = \(hash(subject))"
        )
    }

    /// Removes what no limit looks at any more.
    func removeOld() async throws {
        try await database.execute(
            "DELETE FROM attempt_limits WHERE last_at < \(now().addingTimeInterval(-2 * 86_400))"
        )
    }

    private func change<Value: Sendable>(
        _ kind: Kind,
        _ subject: String,
        _ body: @Sendable (inout AttemptState) -> Value
    ) async throws -> Value {
        let subject = hash(subject)
        return try await database.withTransaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO attempt_limits (kind, subject, taken_at, last_at)
                VALUES (\(kind.rawValue), \(subject), '{}', \(now())) ON CONFLICT (kind, subject) DO NOTHING
                """
            )
            let row = try await transaction.queryOne(
                """
                SELECT taken_at, strikes, blocked_until, last_at FROM attempt_limits
                WHERE kind = \(kind.rawValue) AND subject = \(subject) FOR UPDATE
                """
            )
            var state = AttemptState(at: now())
            if let row {
                state = AttemptState(
                    takenAt: try row.decode("taken_at"),
                    strikes: try row.decode("strikes"),
                    blockedUntil: try row.decodeIfPresent("blocked_until"),
                    lastAt: try row.decode("last_at")
                )
            }
            let value = body(&state)
            try await transaction.execute(
                """
                UPDATE attempt_limits SET taken_at = \(state.takenAt), strikes = \(state.strikes),
                    blocked_until = \(state.blockedUntil), last_at = \(state.lastAt)
                WHERE kind = \(kind.rawValue) AND subject = \(subject)
                """
            )
            return value
        }
    }

    private func hash(_ subject: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(subject.utf8), using: key))
    }
}
