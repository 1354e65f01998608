import Database
import Foundation

/// The rows of how bots answer.
struct ConductRepository: Sendable {
    let database: Database

    func settings(of bot: BotID) async throws -> (settings: ConductSettings, version: Int) {
        let row = try await database.queryOne(
            "SELECT settings::text AS settings, version FROM bot_conduct WHERE bot_id = \(bot)"
        )
        guard let row else { return (ConductSettings(), 0) }
        return (try Self.decode(row.decode("settings")), try row.decode("version"))
    }

    /// Replaces the settings; false where they are not any more of the version that the caller saw.
    func save(_ settings: ConductSettings, of bot: BotID, version: Int?, at now: Date) async throws -> Bool {
        let text = try Self.encode(settings)
        let changed = try await database.execute(
            """
            INSERT INTO bot_conduct (bot_id, settings, version, updated_at) VALUES (\(bot), \(JSONText(text)), 1, \(now))
            ON CONFLICT (bot_id) DO UPDATE SET
                settings = EXCLUDED.settings, version = bot_conduct.version + 1, updated_at = EXCLUDED.updated_at
            WHERE \(version)::bigint IS NULL OR bot_conduct.version = \(version)
            """
        )
        return changed == 1
    }

    /// Changes the settings while nobody else can.
    func change(_ bot: BotID, at now: Date, _ body: (inout ConductSettings) throws -> Void) async throws
        -> ConductSettings
    {
        try await database.withTransaction { transaction in
            var settings = try await Self.locked(bot, at: now, in: transaction)
            try body(&settings)
            try await Self.write(settings, of: bot, at: now, in: transaction)
            return settings
        }
    }

    /// The settings, which nobody else can change until the transaction is over.
    static func locked(_ bot: BotID, at now: Date, in transaction: Transaction) async throws -> ConductSettings {
        try await transaction.execute(
            """
            INSERT INTO bot_conduct (bot_id, settings, version, updated_at) VALUES (\(bot), '{}', 1, \(now))
            ON CONFLICT (bot_id) DO NOTHING
            """
        )
        let row = try await transaction.queryOne(
            "SELECT settings::text AS settings FROM bot_conduct WHERE bot_id = \(bot) FOR UPDATE"
        )
        return try decode(try row?.decode("settings") ?? "{}")
    }

    static func write(_ settings: ConductSettings, of bot: BotID, at now: Date, in transaction: Transaction)
        async throws
    {
        try await transaction.execute(
            """
            UPDATE bot_conduct SET settings = \(JSONText(try encode(settings))), version = version + 1,
                updated_at = \(now)
            WHERE bot_id = \(bot)
            """
        )
    }

    func chats(of bot: BotID) async throws -> [String: ChatSettings] {
        let rows = try await database.query(
            "SELECT chat, settings::text AS settings FROM bot_chats WHERE bot_id = \(bot) LIMIT 10000"
        )
        var chats: [String: ChatSettings] = [:]
        for row in rows { chats[try row.decode("chat")] = try Self.decode(row.decode("settings")) }
        return chats
    }

    /// Changes the settings of a chat while nobody else can.
    func change(
        _ chat: String,
        of bot: BotID,
        at now: Date,
        _ body: (inout ChatSettings) throws -> Void
    ) async throws -> ChatSettings {
        try await database.withTransaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO bot_chats (bot_id, chat, settings, updated_at) VALUES (\(bot), \(chat), '{}', \(now))
                ON CONFLICT (bot_id, chat) DO NOTHING
                """
            )
            let row = try await transaction.queryOne(
                "SELECT settings::text AS settings FROM bot_chats WHERE bot_id = \(bot) AND chat = \(chat) FOR UPDATE"
            )
            var settings: ChatSettings = try Self.decode(try row?.decode("settings") ?? "{}")
            try body(&settings)
            try await transaction.execute(
                """
                UPDATE bot_chats SET settings = \(JSONText(try Self.encode(settings))), updated_at = \(now)
                WHERE bot_id = \(bot) AND chat = \(chat)
                """
            )
            return settings
        }
    }

    static func encode(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}
