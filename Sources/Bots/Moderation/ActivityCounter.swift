import Database
import Foundation
import Synchronization
import WhatsAppWire

/// Counts who writes in groups that want to know, in memory, and writes it every few seconds.
final class ActivityCounter: Sendable {
    struct Member: Sendable {
        let person: String
        let messages: Int
        let lastAt: Date
    }

    private struct Key: Hashable {
        let bot: BotID
        let chat: String
        let person: String
    }

    private static let limit = 50_000
    private let database: Database
    private let waiting = Mutex<[Key: (count: Int64, last: Date)]>([:])

    init(database: Database) {
        self.database = database
    }

    func count(_ message: HeardMessage, of bot: BotID) {
        let key = Key(bot: bot, chat: message.chat.description, person: message.sender.key)
        waiting.withLock { waiting in
            guard waiting.count < Self.limit || waiting[key] != nil else { return }
            let known = waiting[key] ?? (0, message.timestamp)
            waiting[key] = (known.count + 1, max(known.last, message.timestamp))
        }
    }

    func members(of chat: String, of bot: BotID) async throws -> [Member] {
        try await flush()
        return try await database.query(
            "SELECT person, messages, last_at FROM bot_activity WHERE bot_id = \(bot) AND chat = \(chat) LIMIT 10000"
        ).map { row in
            Member(
                person: try row.decode("person"),
                messages: try row.decode("messages"),
                lastAt: try row.decode("last_at")
            )
        }
    }

    func flush() async throws {
        let taken = waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting
        }
        guard !taken.isEmpty else { return }
        var bots = SQLColumn<UUID>()
        var chats = SQLColumn<String>()
        var people = SQLColumn<String>()
        var counts = SQLColumn<Int64>()
        var times = SQLColumn<Date>()
        for (key, value) in taken {
            bots.append(key.bot.rawValue)
            chats.append(key.chat)
            people.append(key.person)
            counts.append(value.count)
            times.append(value.last)
        }
        try await database.execute(
            """
            INSERT INTO bot_activity (bot_id, chat, person, messages, last_at)
            SELECT bots.id, new.chat, new.person, new.count, new.at
            FROM unnest(\(bots), \(chats), \(people), \(counts), \(times)) AS new (bot, chat, person, count, at)
            JOIN bots ON bots.id = new.bot
            ON CONFLICT (bot_id, chat, person) DO UPDATE SET
                messages = bot_activity.messages + EXCLUDED.messages,
                last_at = greatest(bot_activity.last_at, EXCLUDED.last_at)
            """
        )
    }
}
