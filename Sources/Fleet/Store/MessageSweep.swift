import Database
import Foundation

/// Removes messages that have come to their end, some at once: those whose timer is over, those of cleared chats, and those
/// that are older than is kept.
///
/// Any worker may do it for all, and one does at a time; a row that somebody is writing is left for the next time.
struct MessageSweep: Sendable {
    let database: Database
    /// The servers' name; each keeps its sessions' messages for as long as it wants.
    let server: String

    /// Rows that one statement removes.
    static let batch = 1_000
    /// Statements in one go, so that a sweep of millions lets others in between.
    static let rounds = 100

    /// Removes what has disappeared by `now`, and what belongs to cleared chats; whether there is nothing left.
    @discardableResult
    func removeEnded(at now: Date) async throws -> Bool {
        guard try await removeDisappeared(at: now) else { return false }
        return try await removeCleared()
    }

    /// Removes messages of this server's sessions that were written before a time; whether there is nothing left.
    @discardableResult
    func removeWritten(before time: Date) async throws -> Bool {
        try await inRounds {
            """
            DELETE FROM messages WHERE ctid = ANY (ARRAY(
                SELECT old.ctid FROM sessions
                CROSS JOIN LATERAL (
                    SELECT ctid FROM messages
                    WHERE session_id = sessions.id AND sent_at < \(time) AND NOT is_kept AND NOT is_starred
                    ORDER BY sent_at LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED
                ) AS old
                WHERE sessions.server = \(server) LIMIT \(Self.batch)
            ))
            """
        }
    }

    private func removeDisappeared(at now: Date) async throws -> Bool {
        try await inRounds {
            """
            DELETE FROM messages WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM messages WHERE expires_at <= \(now) AND NOT is_kept
                ORDER BY expires_at LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED
            ))
            """
        }
    }

    /// The order stays until none of its messages is left.
    private func removeCleared() async throws -> Bool {
        let isThrough = try await inRounds {
            """
            DELETE FROM messages WHERE ctid = ANY (ARRAY(
                SELECT cleared.ctid FROM message_clearances AS clearance
                CROSS JOIN LATERAL (
                    SELECT ctid FROM messages
                    WHERE session_id = clearance.session_id AND chat = clearance.chat AND sent_at < clearance.until
                        AND NOT (clearance.keeps_starred AND is_starred)
                    LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED
                ) AS cleared
                LIMIT \(Self.batch)
            ))
            """
        }
        try await database.execute(
            """
            DELETE FROM message_clearances AS clearance WHERE NOT EXISTS (
                SELECT FROM messages
                WHERE session_id = clearance.session_id AND chat = clearance.chat AND sent_at < clearance.until
                    AND NOT (clearance.keeps_starred AND is_starred)
            )
            """
        )
        return isThrough
    }

    /// Whether there was nothing left for a further round; also where somebody else is at it.
    private func inRounds(_ statement: () -> SQL) async throws -> Bool {
        for _ in 0..<Self.rounds {
            let statement = statement()
            let removed = try await database.withTransaction { transaction in
                let row = try await transaction.queryOne(
                    "SELECT pg_try_advisory_xact_lock(hashtextextended('wharf.messages', 0)) AS taken"
                )
                guard try row?.decode("taken") ?? false else { return 0 }
                return try await transaction.execute(statement)
            }
            guard removed == Self.batch else { return true }
            try Task.checkCancellation()
        }
        return false
    }
}
