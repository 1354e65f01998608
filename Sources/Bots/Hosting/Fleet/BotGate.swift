package import Database
package import Fleet
import Foundation

/// Lets only those bots' sessions run that may, whoever asked for it; sessions without a bot always may.
package struct BotGate: SessionGate {
    private let database: Database
    private let time: TimeSource

    package init(database: Database, time: TimeSource = .system) {
        self.database = database
        self.time = time
    }

    package func refused(_ sessions: [SessionID]) async throws -> [SessionID: String] {
        var wanted = SQLColumn<UUID>()
        for session in sessions { wanted.append(session.rawValue) }
        let rows = try await database.query("\(BotRepository.columns) WHERE bots.session_id = ANY (\(wanted))")
        let now = time.date()
        var refused: [SessionID: String] = [:]
        for row in rows {
            let bot = try BotRepository.bot(row)
            refused[bot.session] = bot.refusal(at: now)
        }
        return refused
    }
}
