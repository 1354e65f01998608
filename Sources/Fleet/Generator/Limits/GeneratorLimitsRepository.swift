import Crypto
import Database
import SignalProtocol

/// Counts of what addresses and phone numbers have taken, in a sliding window.
///
/// All times are the database's, so that processes on machines with different clocks count the same.
struct GeneratorLimitsRepository: Sendable {
    enum Kind: String, Sendable {
        case attempt
        case validation
        case loginCheck = "login-check"
        case pairingCode = "pairing-code"
    }

    private let database: Database
    private let key: SecretBytes

    /// The key hides the subjects from whoever sees the table; all processes that count together need the same.
    init(database: Database, key: SecretBytes) {
        self.database = database
        self.key = key
    }

    /// Takes one of `limit` within `window`, or says how long it is until one is free; nil when it was taken.
    ///
    /// One statement locks the row, looks and writes, so any number of processes together never pass the limit.
    func take(_ kind: Kind, by subject: String, limit: Int, within window: Duration) async throws -> Duration? {
        let subject = hash(subject)
        let seconds = window / .seconds(1)
        let taken = try await database.execute(
            """
            INSERT INTO generator_limits AS stored (kind, subject, taken_at, last_at)
            VALUES (\(kind.rawValue), \(subject), ARRAY[statement_timestamp()], statement_timestamp())
            ON CONFLICT (kind, subject) DO UPDATE
            SET taken_at = ARRAY(
                    SELECT taken FROM unnest(stored.taken_at) AS taken
                    WHERE taken > statement_timestamp() - make_interval(secs => \(seconds))
                    ORDER BY taken
                ) || statement_timestamp(),
                last_at = statement_timestamp()
            WHERE (
                SELECT count(*) FROM unnest(stored.taken_at) AS taken
                WHERE taken > statement_timestamp() - make_interval(secs => \(seconds))
            ) < \(limit)
            """
        )
        guard taken == 0 else { return nil }
        return try await wait(for: kind, subject: subject, limit: limit, seconds: seconds)
    }

    /// Gives back everything of a subject.
    func release(_ kind: Kind, by subject: String) async throws {
        _ = try await database.execute(
            "DELETE FROM generator_limits WHERE kind = \(kind.rawValue) AND subject = \(hash(subject))"
        )
    }

    /// Removes what is older than any window.
    func removeOld(than age: Duration) async throws {
        _ = try await database.execute(
            """
            DELETE FROM generator_limits
            WHERE last_at < statement_timestamp() - make_interval(secs => \(age / .seconds(1)))
            """
        )
    }

    /// One is free when the `limit`-th newest leaves the window.
    private func wait(for kind: Kind, subject: [UInt8], limit: Int, seconds: Double) async throws -> Duration {
        let row = try await database.queryOne(
            """
            SELECT (extract(epoch FROM taken - statement_timestamp()) + \(seconds))::double precision AS wait
            FROM generator_limits, unnest(taken_at) AS taken
            WHERE kind = \(kind.rawValue) AND subject = \(subject)
            ORDER BY taken DESC OFFSET \(limit - 1) LIMIT 1
            """
        )
        let wait: Double = try row?.decode("wait") ?? 0
        return .seconds(min(max(wait, 0.001), seconds))
    }

    private func hash(_ subject: String) -> [UInt8] {
        key.withBytes { key in
            Array(HMAC<SHA256>.authenticationCode(for: Array(subject.utf8), using: SymmetricKey(data: key)))
        }
    }
}
