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
