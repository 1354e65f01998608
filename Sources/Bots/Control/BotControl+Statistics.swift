import Database
import Foundation

/// What a bot's commands have done within a time.
package struct ShownStatistics: Sendable, Equatable {
    package struct Command: Sendable, Equatable {
        package let name: String
        package let runs: Int
        package let errors: Int
        /// Nineteen of twenty took less; nil where nothing was measured.
        package let p95: Duration?
    }

    package struct User: Sendable, Equatable {
        /// A JID, the phone number's where it is known.
        package let person: String
        package let runs: Int
    }

    package var runs: Int
    package var errors: Int
    package var p95: Duration?
    /// The most used first.
    package var commands: [Command]
    package var users: [User]
}

/// How far back statistics look.
package enum StatisticsSpan: String, Sendable, CaseIterable {
    case day
    case week
    case month

    var seconds: TimeInterval {
        switch self {
        case .day: 86_400
        case .week: 7 * 86_400
        case .month: 30 * 86_400
        }
    }
}

extension BotControl {
    /// Counts, errors, times and the people who use the bot most; the last seconds may be missing.
    package func statistics(of id: BotID, span: StatisticsSpan, for caller: BotCaller) async throws -> ShownStatistics {
        _ = try await hosting.find(id, for: caller)
        let since = now.addingTimeInterval(-span.seconds)
        // Rows begin with their hour or day; the one in which the span begins belongs to it.
        let (hour, day) = (since.addingTimeInterval(-3_600), since.addingTimeInterval(-86_400))
        let rows = try await database.query(
            """
            WITH used AS (
                SELECT command, runs, errors, times FROM bot_command_use WHERE bot_id = \(id) AND at > \(hour)
            ), buckets AS (
                SELECT command, number, sum(taken)::bigint AS taken
                FROM used, unnest(times) WITH ORDINALITY AS each (taken, number) GROUP BY command, number
            )
            SELECT command, sum(runs)::bigint AS runs, sum(errors)::bigint AS errors,
                (SELECT array_agg(taken ORDER BY number) FROM buckets WHERE buckets.command = used.command) AS times
            FROM used GROUP BY command ORDER BY sum(runs) DESC, command LIMIT 300
            """
        )
        var all = [Int](repeating: 0, count: CommandStatistics.buckets)
        var shown = ShownStatistics(runs: 0, errors: 0, p95: nil, commands: [], users: [])
        for row in rows {
            let times: [Int] = try row.decode("times")
            for (index, count) in times.enumerated() where all.indices.contains(index) { all[index] += count }
            let command = ShownStatistics.Command(
                name: try row.decode("command"),
                runs: try row.decode("runs"),
                errors: try row.decode("errors"),
                p95: CommandStatistics.p95(times).map { .milliseconds($0) }
            )
            shown.runs += command.runs
            shown.errors += command.errors
            shown.commands.append(command)
        }
        shown.p95 = CommandStatistics.p95(all).map { .milliseconds($0) }
        shown.users = try await database.query(
            """
            SELECT person, sum(runs)::bigint AS runs FROM bot_command_users
            WHERE bot_id = \(id) AND at > \(day)
            GROUP BY person ORDER BY sum(runs) DESC, person LIMIT 20
            """
        ).map { ShownStatistics.User(person: try $0.decode("person"), runs: try $0.decode("runs")) }
        return shown
    }
}
