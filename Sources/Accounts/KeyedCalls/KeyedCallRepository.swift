internal import Database
internal import Foundation

/// Calls with a key, and what they were answered.
struct KeyedCallRepository: Sendable {
    struct Kept {
        let requestHash: [UInt8]
        let begunAt: Date
        let answer: [UInt8]?
    }

    let database: Database

    /// Takes the key; false where it is taken.
    func begin(_ call: KeyedCall, of account: AccountID, at now: Date, until end: Date) async throws -> Bool {
        try await database.execute(
            """
            INSERT INTO keyed_calls (account_id, key_hash, request_hash, begun_at, expires_at)
            VALUES (\(account), \(call.keyHash), \(call.requestHash), \(now), \(end))
            ON CONFLICT (account_id, key_hash) DO UPDATE
            SET request_hash = excluded.request_hash, begun_at = excluded.begun_at, expires_at = excluded.expires_at,
                answer = NULL
            WHERE keyed_calls.expires_at <= \(now)
            """
        ) == 1
    }

    func find(_ call: KeyedCall, of account: AccountID) async throws -> Kept? {
        let row = try await database.queryOne(
            """
            SELECT request_hash, begun_at, answer FROM keyed_calls
            WHERE account_id = \(account) AND key_hash = \(call.keyHash)
            """
        )
        return try row.map { row in
            Kept(
                requestHash: try row.decode("request_hash"),
                begunAt: try row.decode("begun_at"),
                answer: try row.decodeIfPresent("answer")
            )
        }
    }

    func finish(_ call: KeyedCall, of account: AccountID, answer: [UInt8]) async throws {
        try await database.execute(
            """
            UPDATE keyed_calls SET answer = \(answer)
            WHERE account_id = \(account) AND key_hash = \(call.keyHash) AND answer IS NULL
            """
        )
    }

    func forget(_ call: KeyedCall, of account: AccountID) async throws {
        try await database.execute(
            """
            DELETE FROM keyed_calls
            WHERE account_id = \(account) AND key_hash = \(call.keyHash) AND answer IS NULL
            """
        )
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM keyed_calls WHERE expires_at <= \(now)")
    }
}
