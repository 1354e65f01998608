import Synchronization

/// Sixth: nobody gives more commands a minute than the bot allows.
///
/// One window for each bot and sender, kept only while it lasts; sixteen tables so that bots do not wait for each other.
final class RateLimitStage: Sendable {
    enum Verdict: Equatable {
        case allowed
        /// Too many, said once in a window.
        case warned(seconds: Int)
        case refused
    }

    struct Key: Hashable {
        let bot: BotID
        let person: String
        /// Empty for the limit on all commands together.
        let command: String
    }

    private struct Window {
        var end: Duration
        var count: Int
        /// Windows in a row in which it was too much.
        var strikes = 0
    }

    private struct Table {
        var windows: [Key: Window] = [:]
        var sweepAt = 4_096
    }

    private final class Shard: Sendable {
        let table = Mutex(Table())
    }

    private static let window = Duration.seconds(60)
    /// Who has given too many commands for so many minutes in a row is no person, and not heard for ten.
    private static let strikeLimit = 3
    private static let penalty = Duration.seconds(600)
    private let shards = (0..<16).map { _ in Shard() }

    /// Counts one command.
    func take(_ bot: BotID, _ person: String, limit: Int, at now: Duration) -> Verdict {
        count(Key(bot: bot, person: person, command: ""), limit: limit, window: Self.window, at: now)
    }

    /// Counts one use of a command that has a pause; `chat` and person share it.
    func cool(_ bot: BotID, _ person: String, _ command: String, _ pause: Duration, at now: Duration) -> Verdict {
        guard pause > .zero else { return .allowed }
        return count(Key(bot: bot, person: person, command: command), limit: 1, window: pause, at: now)
    }

    /// Counts anything else that has a window.
    func count(_ key: Key, limit: Int, window: Duration, at now: Duration) -> Verdict {
        shard(key).table.withLock { table in
            guard var known = table.windows[key], known.end > now else {
                let last = table.windows[key]
                if table.windows.count >= table.sweepAt { Self.sweep(&table, at: now) }
                var fresh = Window(end: now + window, count: 1)
                if key.command.isEmpty, let last, last.count > limit, now - last.end < window {
                    fresh.strikes = last.strikes + 1
                }
                if fresh.strikes >= Self.strikeLimit {
                    fresh = Window(end: now + Self.penalty, count: limit + 2)
                    table.windows[key] = fresh
                    return .refused
                }
                table.windows[key] = fresh
                return limit > 0 ? .allowed : .refused
            }
            known.count = min(known.count + 1, 1_000_000)
            table.windows[key] = known
            if known.count <= limit { return .allowed }
            let seconds = max(1, Int((known.end - now).components.seconds) + 1)
            return known.count == limit + 1 ? .warned(seconds: seconds) : .refused
        }
    }

    /// Windows that are over go when the table has grown; it holds no more than who wrote within a minute.
    private static func sweep(_ table: inout Table, at now: Duration) {
        table.windows = table.windows.filter { $0.value.end > now - window }
        table.sweepAt = max(4_096, table.windows.count * 2)
    }

    private func shard(_ key: Key) -> Shard {
        let hash = UInt(bitPattern: key.person.hashValue ^ key.bot.hashValue)
        return shards[Int(hash % UInt(shards.count))]
    }
}
