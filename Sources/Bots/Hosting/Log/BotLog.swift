package import Database
package import Foundation
import Logging
import Synchronization

/// One line of a bot's log.
package struct BotLogLine: Sendable, Equatable {
    package enum Level: String, Sendable, CaseIterable {
        case debug
        case info
        case warning
        case error
    }

    /// Microseconds since 1970, raised where two lines share them: both order and time.
    package let number: Int64
    package let level: Level
    package let text: String

    package var at: Date { Date(timeIntervalSince1970: Double(number) / 1_000_000) }
}

/// The logs of all bots that run here: told at once to who watches, and written in groups.
package final class BotLog: Sendable {
    /// Lines of one bot between two writings; what comes beyond is not kept.
    private static let burst = 2_000
    private static let limit = 50_000
    private static let textLimit = 4_000

    private struct State {
        var waiting: [(bot: BotID, line: BotLogLine)] = []
        var counts: [BotID: Int] = [:]
        var last: Int64 = 0
        var watchers: [BotID: [UInt64: AsyncStream<BotLogLine>.Continuation]] = [:]
        var nextWatcher: UInt64 = 0
        var dropped = 0
    }

    private let database: Database
    private let state = Mutex(State())

    package init(database: Database) {
        self.database = database
    }

    /// Takes a line without waiting.
    package func write(_ level: BotLogLine.Level, _ text: String, of bot: BotID, at now: Date) {
        let time = Int64(now.timeIntervalSince1970 * 1_000_000)
        let words = Self.words(text)
        state.withLock { state in
            let number = max(time, state.last + 1)
            state.last = number
            let line = BotLogLine(number: number, level: level, text: words)
            for watcher in state.watchers[bot, default: [:]].values { watcher.yield(line) }
            guard state.waiting.count < Self.limit, state.counts[bot, default: 0] < Self.burst else {
                state.dropped += 1
                return
            }
            state.counts[bot, default: 0] += 1
            state.waiting.append((bot, line))
        }
    }

    /// Everything from now on; a watcher that does not keep up loses the oldest.
    package func watch(_ bot: BotID) -> AsyncStream<BotLogLine> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: BotLogLine.self,
            bufferingPolicy: .bufferingNewest(4_096)
        )
        let watcher = state.withLock { state in
            defer { state.nextWatcher += 1 }
            state.watchers[bot, default: [:]][state.nextWatcher] = continuation
            return state.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.watchers[bot]?[watcher] = nil
                if state.watchers[bot]?.isEmpty == true { state.watchers[bot] = nil }
            }
        }
        return stream
    }

    /// Writes what has gathered; without a database it gathers on, up to the limit.
    package func flush() async throws {
        let lines = state.withLock { state in
            defer { (state.waiting, state.counts) = ([], [:]) }
            return state.waiting
        }
        guard !lines.isEmpty else { return }
        do {
            try await insert(lines)
        } catch {
            state.withLock { state in
                state.waiting = Array((lines + state.waiting).prefix(Self.limit))
                for line in lines { state.counts[line.bot, default: 0] += 1 }
            }
            throw error
        }
    }

    private func insert(_ lines: [(bot: BotID, line: BotLogLine)]) async throws {
        var bots = SQLColumn<UUID>()
        var numbers = SQLColumn<Int64>()
        var levels = SQLColumn<String>()
        var texts = SQLColumn<String>()
        for (bot, line) in lines {
            bots.append(bot.rawValue)
            numbers.append(line.number)
            levels.append(line.level.rawValue)
            texts.append(line.text)
        }
        try await database.execute(
            """
            INSERT INTO bot_log (bot_id, number, level, text)
            SELECT bots.id, line.number, line.level, line.text
            FROM unnest(\(bots), \(numbers), \(levels), \(texts)) AS line (bot, number, level, text)
            JOIN bots ON bots.id = line.bot
            ON CONFLICT (bot_id, number) DO NOTHING
            """
        )
    }

    /// One line without control characters, of a bounded length.
    static func words(_ text: String) -> String {
        var words = String(
            text.unicodeScalars.prefix(textLimit).map { scalar in
                scalar.value < 0x20 || scalar.value == 0x7F ? " " : Character(scalar)
            }
        )
        while words.utf8.count > 8_000 { words.removeLast(100) }
        return words
    }
}
