package import Database
package import Fleet
import Foundation

/// What bots remember, for the pipeline and for commands; the panel goes through ``BotControl``, which asks for rights.
package struct BotStore: Sendable {
    package let database: Database
    package let live: LiveBots
    package let time: TimeSource
    let conduct: ConductRepository
    let activity: ActivityCounter

    init(hosting: Hosting, time: TimeSource) {
        database = hosting.database
        live = LiveBots(hosting: hosting)
        self.time = time
        conduct = ConductRepository(database: hosting.database)
        activity = ActivityCounter(database: hosting.database)
    }

    /// Changes how a bot behaves in a chat; holds from the next message on.
    @discardableResult
    package func changeChat(_ chat: String, of bot: BotID, _ body: (inout ChatSettings) throws -> Void) async throws
        -> ChatSettings
    {
        let settings = try await conduct.change(chat, of: bot, at: time.date(), body)
        try await live.refresh(bot)
        return settings
    }

    /// Changes how a bot answers; holds from the next message on.
    @discardableResult
    package func changeConduct(of bot: BotID, _ body: (inout ConductSettings) throws -> Void) async throws
        -> ConductSettings
    {
        let settings = try await conduct.change(bot, at: time.date(), body)
        try await live.refresh(bot)
        return settings
    }

    /// Whether the bot has done what has that name, within a day.
    func isDone(_ name: String, of bot: BotID) async throws -> Bool {
        try await database.queryOne("SELECT 1 AS one FROM bot_deeds WHERE bot_id = \(bot) AND name = \(name)") != nil
    }

    /// Takes the turn for what a bot does only every so often, whoever asks for it; the seconds that are left otherwise.
    ///
    /// `pause` is at most a day.
    func secondsUntilTurn(_ name: String, of bot: BotID, pause: TimeInterval) async throws -> Int? {
        let now = time.date()
        let isTaken =
            try await database.execute(
                """
                INSERT INTO bot_deeds (bot_id, name, at) VALUES (\(bot), \(name), \(now))
                ON CONFLICT (bot_id, name) DO UPDATE SET at = EXCLUDED.at
                WHERE bot_deeds.at <= \(now.addingTimeInterval(-pause))
                """
            ) == 1
        guard !isTaken else { return nil }
        let row = try await database.queryOne("SELECT at FROM bot_deeds WHERE bot_id = \(bot) AND name = \(name)")
        let last: Date = try row?.decode("at") ?? now
        return max(1, Int(pause - max(0, min(now.timeIntervalSince(last), pause))))
    }

    /// How many deeds of a bot have a name that begins so, within a day.
    func countDeeds(_ beginning: String, of bot: BotID) async throws -> Int {
        try await database.queryOne(
            "SELECT count(*) AS count FROM bot_deeds WHERE bot_id = \(bot) AND starts_with(name, \(beginning))"
        )?.decode("count") ?? 0
    }

    /// Whether this is the first time that the bot does what has that name; at most 64 letters.
    package func isFirst(_ name: String, of bot: BotID) async throws -> Bool {
        try await database.execute(
            """
            INSERT INTO bot_deeds (bot_id, name, at) VALUES (\(bot), \(name), \(time.date()))
            ON CONFLICT (bot_id, name) DO NOTHING
            """
        ) == 1
    }
}
