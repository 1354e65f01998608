import Database
import Foundation
import Synchronization

/// Counts commands in memory, and writes the counts every few seconds.
final class CommandStatistics: Sendable {
    /// Powers of two of a millisecond.
    static let buckets = 20
    /// Different counts between two writings; what comes beyond is not counted.
    private static let limit = 100_000
    /// How long counts are kept; the longest span that is shown are 30 days.
    static let age: TimeInterval = 40 * 86_400

    private struct Key: Hashable {
        let bot: BotID
        let at: Date
        let name: String
    }

    private struct Use {
        var runs: Int = 0
        var errors: Int = 0
        var times = [Int](repeating: 0, count: buckets)
    }

    private struct State {
        var commands: [Key: Use] = [:]
        var users: [Key: Int] = [:]

        /// Takes back what could not be written.
        mutating func add(_ other: State) {
            for (key, use) in other.commands {
                commands[key, default: Use()].runs += use.runs
                commands[key]?.errors += use.errors
                for (bucket, count) in use.times.enumerated() { commands[key]?.times[bucket] += count }
            }
            users.merge(other.users, uniquingKeysWith: +)
        }
    }

    private let database: Database
    private let state = Mutex(State())

    init(database: Database) {
        self.database = database
    }

    func count(
        _ command: String,
        isError: Bool,
        _ duration: Duration,
        by person: String,
        of bot: BotID,
        at now: Date
    ) {
        let seconds = now.timeIntervalSince1970
        let hour = Key(
            bot: bot,
            at: Date(timeIntervalSince1970: (seconds / 3_600).rounded(.down) * 3_600),
            name: command
        )
        let day = Key(
            bot: bot,
            at: Date(timeIntervalSince1970: (seconds / 86_400).rounded(.down) * 86_400),
            name: person
        )
        let bucket = Self.bucket(duration)
        state.withLock { state in
            guard state.commands.count + state.users.count < Self.limit else { return }
            state.commands[hour, default: Use()].runs += 1
            if isError { state.commands[hour]?.errors += 1 }
            state.commands[hour]?.times[bucket] += 1
            state.users[day, default: 0] += 1
        }
    }

    /// 0 for less than a millisecond, n for less than 2ⁿ of them.
    static func bucket(_ duration: Duration) -> Int {
        let milliseconds = max(0, Int(duration / .milliseconds(1)))
        return min(buckets - 1, Int.bitWidth - milliseconds.leadingZeroBitCount)
    }

    /// The upper bound in milliseconds of what nineteen of twenty took at most; nil for nothing.
    static func p95(_ times: [Int]) -> Int? {
        let total = times.reduce(0, +)
        guard total > 0 else { return nil }
        var seen: Int = 0
        for (index, count) in times.enumerated() {
            seen += count
            if seen * 20 >= total * 19 { return 1 << index }
        }
        return nil
    }

    /// Writes what has gathered; without a database it gathers on, up to the limit.
    func flush() async throws {
        var taken = state.withLock { state in
            defer { state = State() }
            return state
        }
        do {
            for (key, use) in taken.commands {
                try await write(use, key)
                taken.commands[key] = nil
            }
            guard !taken.users.isEmpty else { return }
            try await write(taken.users)
        } catch {
            state.withLock { $0.add(taken) }
            throw error
        }
    }

    /// Removes what nobody is shown any more.
    func sweep(at now: Date) async throws {
        let before = now.addingTimeInterval(-Self.age)
        try await database.execute("DELETE FROM bot_command_use WHERE at < \(before)")
        try await database.execute("DELETE FROM bot_command_users WHERE at < \(before)")
    }

    private func write(_ use: Use, _ key: Key) async throws {
        try await database.execute(
            """
            INSERT INTO bot_command_use (bot_id, at, command, runs, errors, times)
            SELECT id, \(key.at), \(key.name), \(use.runs), \(use.errors), \(use.times) FROM bots WHERE id = \(key.bot)
            ON CONFLICT (bot_id, at, command) DO UPDATE SET
                runs = bot_command_use.runs + EXCLUDED.runs,
                errors = bot_command_use.errors + EXCLUDED.errors,
                times = (
                    SELECT array_agg(old + new ORDER BY number)
                    FROM unnest(bot_command_use.times, EXCLUDED.times) WITH ORDINALITY AS each (old, new, number)
                )
            """
        )
    }

    private func write(_ users: [Key: Int]) async throws {
        var bots = SQLColumn<UUID>()
        var times = SQLColumn<Date>()
        var people = SQLColumn<String>()
        var runs = SQLColumn<Int64>()
        for (key, count) in users {
            bots.append(key.bot.rawValue)
            times.append(key.at)
            people.append(key.name)
            runs.append(Int64(count))
        }
        try await database.execute(
            """
            INSERT INTO bot_command_users (bot_id, at, person, runs)
            SELECT bots.id, new.at, new.person, new.runs
            FROM unnest(\(bots), \(times), \(people), \(runs)) AS new (bot, at, person, runs)
            JOIN bots ON bots.id = new.bot
            ON CONFLICT (bot_id, at, person) DO UPDATE SET runs = bot_command_users.runs + EXCLUDED.runs
            """
        )
    }
}
