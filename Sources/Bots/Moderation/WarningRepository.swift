import Database
import Foundation

/// Who was warned, where, and for what.
struct BotWarning: Sendable, Equatable {
    let chat: String
    /// A number's JID where it is known, else a LID.
    let person: String
    let count: Int
    let lastReason: String?
    let lastAt: Date
}

/// The rows of warnings.
struct WarningRepository: Sendable {
    let database: Database

    /// Gives a warning for a message, once; how many there are then, and whether it is new.
    func add(
        _ person: String,
        in chat: String,
        of bot: BotID,
        message: String,
        reason: String?,
        by giver: String?,
        at now: Date
    ) async throws -> (count: Int, isNew: Bool) {
        let added = try await database.execute(
            """
            INSERT INTO bot_warnings (bot_id, chat, person, message_id, reason, given_by, at)
            VALUES (
                \(bot), \(chat), \(person), \(message), \(reason.map { String($0.prefix(500)) }), \(giver), \(now)
            )
            ON CONFLICT (bot_id, chat, person, message_id) DO NOTHING
            """
        )
        return (try await count(person, in: chat, of: bot), added == 1)
    }

    func count(_ person: String, in chat: String, of bot: BotID) async throws -> Int {
        try await database.queryOne(
            """
            SELECT count(*) AS count FROM bot_warnings
            WHERE bot_id = \(bot) AND chat = \(chat) AND person = \(person)
            """
        )?.decode("count") ?? 0
    }

    func reset(_ person: String, in chat: String, of bot: BotID) async throws -> Int {
        try await database.execute(
            "DELETE FROM bot_warnings WHERE bot_id = \(bot) AND chat = \(chat) AND person = \(person)"
        )
    }

    func list(_ bot: BotID, in chat: String? = nil) async throws -> [BotWarning] {
        try await database.query(
            """
            SELECT chat, person, count(*) AS count, max(at) AS last_at,
                (array_agg(reason ORDER BY at DESC))[1] AS last_reason
            FROM bot_warnings WHERE bot_id = \(bot) AND (\(chat)::text IS NULL OR chat = \(chat))
            GROUP BY chat, person ORDER BY max(at) DESC LIMIT 500
            """
        ).map { row in
            BotWarning(
                chat: try row.decode("chat"),
                person: try row.decode("person"),
                count: try row.decode("count"),
                lastReason: try row.decodeIfPresent("last_reason"),
                lastAt: try row.decode("last_at")
            )
        }
    }
}
