import Database
import Foundation

/// The rows of texts that chats keep by name.
struct NoteRepository: Sendable {
    /// Of a group; others keep fewer.
    static let limit = 100
    static let privateLimit = 20
    /// Of all chats of a bot together.
    static let botLimit = 2_000
    static let nameLimit = 60

    let database: Database

    func names(of bot: BotID, in chat: String) async throws -> [String] {
        try await database.query(
            "SELECT name FROM bot_notes WHERE bot_id = \(bot) AND chat = \(chat) ORDER BY name LIMIT \(Self.limit)"
        ).map { try $0.decode("name") }
    }

    func text(_ name: String, of bot: BotID, in chat: String) async throws -> String? {
        try await database.queryOne(
            "SELECT text FROM bot_notes WHERE bot_id = \(bot) AND chat = \(chat) AND name = \(name)"
        )?.decode("text")
    }

    /// Keeps a text in the place of an older one of that name; throws ``AutomationError``.
    func save(
        _ name: String,
        _ text: String,
        of bot: BotID,
        in chat: String,
        limit: Int = Self.limit,
        at now: Date
    ) async throws {
        try await database.withTransaction { transaction in
            try await AutomationRepository.lock(bot, in: transaction)
            let row = try await transaction.queryOne(
                """
                SELECT count(*) AS all_chats, count(*) FILTER (WHERE chat = \(chat)) AS here FROM bot_notes
                WHERE bot_id = \(bot) AND NOT (chat = \(chat) AND name = \(name))
                """
            )
            guard try row?.decode("here") ?? 0 < limit else { throw AutomationError.limitReached(limit) }
            guard try row?.decode("all_chats") ?? 0 < Self.botLimit else {
                throw AutomationError.limitReached(Self.botLimit)
            }
            try await transaction.execute(
                """
                INSERT INTO bot_notes (bot_id, chat, name, text, updated_at)
                VALUES (\(bot), \(chat), \(name), \(text), \(now))
                ON CONFLICT (bot_id, chat, name) DO UPDATE SET text = EXCLUDED.text, updated_at = EXCLUDED.updated_at
                """
            )
        }
    }

    func delete(_ name: String, of bot: BotID, in chat: String) async throws -> Bool {
        try await database.execute(
            "DELETE FROM bot_notes WHERE bot_id = \(bot) AND chat = \(chat) AND name = \(name)"
        ) == 1
    }
}
