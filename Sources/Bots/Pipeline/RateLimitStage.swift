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
    }

    private struct Table {
        var windows: [Key: Window] = [:]
        var sweepAt = 4_096
    }

    private final class Shard: Sendable {
        let table = Mutex(Table())
    }

    private static let window = Duration.seconds(60)
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

    private func count(_ key: Key, limit: Int, window: Duration, at now: Duration) -> Verdict {
        shard(key).table.withLock { table in
            guard var known = table.windows[key], known.end > now else {
                if table.windows.count >= table.sweepAt { Self.sweep(&table, at: now) }
                table.windows[key] = Window(end: now + window, count: 1)
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
        table.windows = table.windows.filter { $0.value.end > now }
        table.sweepAt = max(4_096, table.windows.count * 2)
    }

    private func shard(_ key: Key) -> Shard {
        let hash = UInt(bitPattern: key.person.hashValue ^ key.bot.hashValue)
        return shards[Int(hash % UInt(shards.count))]
    }
}
