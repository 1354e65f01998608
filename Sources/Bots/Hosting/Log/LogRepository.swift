import Database
import Foundation

/// What of a log somebody wants to see.
package struct LogQuery: Sendable, Equatable {
    /// Lines of this level and worse.
    package var level = BotLogLine.Level.debug
    package var text: String?
    /// Only lines with a higher number.
    package var after: Int64?
    /// Only lines with a lower number.
    package var before: Int64?
    package var limit = 1_000

    package static let limitLimit = 10_000

    package init() {}
}

/// A line, and whose it is.
package struct FoundLine: Sendable, Equatable {
    package let bot: BotID
    package let botName: String
    package let line: BotLogLine
}

/// The logs as they are kept.
struct LogRepository: Sendable {
    let database: Database
    let server: String

    /// The last lines that the query allows, oldest first.
    func lines(of bot: BotID, _ query: LogQuery) async throws -> [BotLogLine] {
        let like = query.text.map { BotListing.pattern($0) }
        let rows = try await database.query(
            """
            SELECT number, level, text FROM bot_log
            WHERE bot_id = \(bot) AND number > \(query.after ?? 0) AND number < \(query.before ?? .max)
                AND level = ANY (\(Self.levels(from: query.level)))
                AND (\(like)::text IS NULL OR text ILIKE \(like))
            ORDER BY number DESC LIMIT \(min(max(query.limit, 1), LogQuery.limitLimit))
            """
        )
        return try rows.reversed().map(Self.line)
    }

    /// Lines of all bots of the server, newest first.
    func search(_ query: LogQuery) async throws -> [FoundLine] {
        let like = query.text.map { BotListing.pattern($0) }
        return try await database.query(
            """
            SELECT bot_log.bot_id, bots.name, bot_log.number, bot_log.level, bot_log.text
            FROM bot_log JOIN bots ON bots.id = bot_log.bot_id AND bots.server = \(server)
            WHERE bot_log.number > \(query.after ?? 0) AND bot_log.number < \(query.before ?? .max)
                AND bot_log.level = ANY (\(Self.levels(from: query.level)))
                AND (\(like)::text IS NULL OR bot_log.text ILIKE \(like))
            ORDER BY bot_log.number DESC LIMIT \(min(max(query.limit, 1), 1_000))
            """
        ).map { row in
            FoundLine(bot: try row.decode("bot_id"), botName: try row.decode("name"), line: try Self.line(row))
        }
    }

    /// Removes lines that are older than their bot's plan keeps them, and more than twenty thousand of one bot.
    func sweep(at now: Date) async throws {
        let micros = Int64(now.timeIntervalSince1970 * 1_000_000)
        try await database.execute(
            """
            DELETE FROM bot_log USING (
                SELECT bots.id, \(micros) - 86400000000 * COALESCE(
                    (SELECT plans.log_days FROM subscriptions JOIN plans ON plans.id = subscriptions.plan_id
                        WHERE subscriptions.account_id = bots.account_id
                            AND (subscriptions.until IS NULL OR subscriptions.until > \(now))),
                    (SELECT plans.log_days FROM plans WHERE plans.is_standard), 7
                ) AS oldest
                FROM bots WHERE bots.server = \(server)
            ) AS kept
            WHERE bot_log.bot_id = kept.id AND bot_log.number < kept.oldest
            """
        )
        try await database.execute(
            """
            DELETE FROM bot_log USING (
                SELECT bots.id, (
                    SELECT number FROM bot_log AS line WHERE line.bot_id = bots.id
                    ORDER BY number DESC OFFSET 20000 LIMIT 1
                ) AS oldest
                FROM bots WHERE bots.server = \(server)
            ) AS kept
            WHERE bot_log.bot_id = kept.id AND kept.oldest IS NOT NULL AND bot_log.number <= kept.oldest
            """
        )
    }

    private static func levels(from level: BotLogLine.Level) -> [String] {
        BotLogLine.Level.allCases.drop { $0 != level }.map(\.rawValue)
    }

    private static func line(_ row: Row) throws -> BotLogLine {
        BotLogLine(
            number: try row.decode("number"),
            level: BotLogLine.Level(rawValue: try row.decode("level")) ?? .info,
            text: try row.decode("text")
        )
    }
}
