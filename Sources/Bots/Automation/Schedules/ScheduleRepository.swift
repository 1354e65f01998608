import Database
import Foundation

/// The rows of messages that go out at a time.
struct ScheduleRepository: Sendable {
    let database: Database

    func list(_ bot: BotID) async throws -> [ScheduledMessage] {
        try await database.query(
            """
            \(Self.columns) FROM bot_scheduled_messages WHERE bot_id = \(bot)
            ORDER BY next_at NULLS LAST, created_at LIMIT \(ScheduledMessage.limit * 2)
            """
        ).compactMap(Self.message)
    }

    /// `share` is how many reminders there may be of all people together; throws ``AutomationError``.
    func insert(_ message: ScheduledMessage, of bot: BotID, share: Int? = nil, at now: Date) async throws {
        let cron: String? = if case .again(let cron) = message.when { cron.text } else { nil }
        try await database.withTransaction { transaction in
            try await transaction.execute("SELECT id FROM bots WHERE id = \(bot) FOR UPDATE")
            let row = try await transaction.queryOne(
                """
                SELECT count(*) AS count, count(mention) AS reminders FROM bot_scheduled_messages
                WHERE bot_id = \(bot) AND next_at IS NOT NULL
                """
            )
            if let share, try row?.decode("reminders") ?? 0 >= share { throw AutomationError.shareReached(share) }
            guard try row?.decode("count") ?? 0 < ScheduledMessage.limit else {
                throw AutomationError.limitReached(ScheduledMessage.limit)
            }
            try await transaction.execute(
                """
                INSERT INTO bot_scheduled_messages (
                    bot_id, id, chat, text, mention, cron, time_zone, next_at, is_on, created_by, created_at
                ) VALUES (
                    \(bot), \(message.id), \(message.chat), \(message.text), \(message.mention), \(cron),
                    \(message.zone.identifier), \(message.nextAt), \(message.isOn), \(message.createdBy), \(now)
                )
                ON CONFLICT (bot_id, id) DO NOTHING
                """
            )
        }
    }

    func delete(_ id: UUID, of bot: BotID) async throws -> Bool {
        try await database.execute("DELETE FROM bot_scheduled_messages WHERE bot_id = \(bot) AND id = \(id)") == 1
    }

    func find(_ id: UUID, of bot: BotID) async throws -> ScheduledMessage? {
        try await database.queryOne(
            "\(Self.columns) FROM bot_scheduled_messages WHERE bot_id = \(bot) AND id = \(id)"
        ).flatMap(Self.message)
    }

    /// Lets a message rest or go on, unless it has gone out meanwhile.
    func set(_ message: ScheduledMessage, isOn: Bool, next: Date?, of bot: BotID) async throws -> Bool {
        try await database.execute(
            """
            UPDATE bot_scheduled_messages SET is_on = \(isOn), next_at = \(next),
                failures = CASE WHEN \(next)::timestamptz = next_at THEN failures ELSE 0 END
            WHERE bot_id = \(bot) AND id = \(message.id) AND next_at = \(message.nextAt)
            """
        ) == 1
    }

    /// What is over for so long is forgotten.
    func sweep(before: Date) async throws {
        try await database.execute(
            "DELETE FROM bot_scheduled_messages WHERE next_at IS NULL AND COALESCE(last_at, created_at) < \(before)"
        )
    }

    /// What is due of these bots, a few of each, so that none keeps the others waiting.
    ///
    /// What has failed keeps its time, and waits a little after each try.
    func due(_ bots: [BotID], at now: Date) async throws -> [(bot: BotID, message: ScheduledMessage)] {
        var ids = SQLColumn<UUID>()
        for bot in bots { ids.append(bot.rawValue) }
        return try await database.query(
            """
            \(Self.columns) FROM (
                SELECT *, row_number() OVER (PARTITION BY bot_id ORDER BY failures, next_at) AS place
                FROM bot_scheduled_messages
                WHERE next_at <= \(now) AND is_on AND bot_id = ANY (\(ids))
                    AND (failures = 0 OR last_at <= \(now.addingTimeInterval(-ScheduleTry.pause)))
            ) AS due
            WHERE place <= 20 ORDER BY next_at LIMIT 1000
            """
        ).compactMap { row in
            guard let message = try Self.message(row) else { return nil }
            return (try row.decode("bot_id"), message)
        }
    }

    /// What was due has gone out, or could not.
    func done(
        _ message: ScheduledMessage,
        of bot: BotID,
        _ outcome: (next: ScheduleTry, problem: ScheduleProblem?),
        at now: Date
    ) async throws {
        try await database.execute(
            """
            UPDATE bot_scheduled_messages SET
                next_at = \(outcome.next.nextAt), failures = \(outcome.next.failures),
                last_at = \(now), last_error = \(outcome.problem?.rawValue)
            WHERE bot_id = \(bot) AND id = \(message.id) AND next_at = \(message.nextAt)
            """
        )
    }

    private static let columns: SQL = """
        SELECT bot_id, id, chat, text, mention, cron, time_zone, next_at, failures, last_at, last_error,
            is_on, created_by
        """

    private static func message(_ row: Row) throws -> ScheduledMessage? {
        let next: Date? = try row.decodeIfPresent("next_at")
        let last: Date? = try row.decodeIfPresent("last_at")
        let cron: String? = try row.decodeIfPresent("cron")
        let when: ScheduledMessage.When
        if let cron {
            guard let expression = CronExpression(cron) else { return nil }
            when = .again(expression)
        } else {
            when = .once(next ?? last ?? Date(timeIntervalSince1970: 0))
        }
        var message = ScheduledMessage(
            id: try row.decode("id"),
            chat: try row.decode("chat"),
            text: try row.decode("text"),
            mention: try row.decodeIfPresent("mention"),
            when: when,
            zone: TimeZone(identifier: try row.decode("time_zone")) ?? .gmt,
            isOn: try row.decode("is_on"),
            createdBy: try row.decode("created_by")
        )
        message.nextAt = next
        message.failures = Int(try row.decode("failures") as Int32)
        message.lastAt = last
        let problem: String? = try row.decodeIfPresent("last_error")
        message.lastError = problem.map { ScheduleProblem(rawValue: $0) }
        return message
    }
}
