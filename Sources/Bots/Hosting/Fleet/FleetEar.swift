import Accounts
package import Database
package import Fleet
import Foundation
import Synchronization
import WhatsApp

/// Hears what happens with sessions, and keeps the bots' rows, logs and watchers in step with it.
package final class FleetEar: SessionObserver {
    private struct State {
        var bots: [SessionID: BotID] = [:]
        var unwritten: [SessionID: SessionState] = [:]
        var watchers: [UInt64: Watcher] = [:]
        var readers: [UInt64: AsyncStream<BotID>.Continuation] = [:]
        var nextWatcher: UInt64 = 0
    }

    private struct Watcher {
        var bots: Set<BotID>?
        let continuation: AsyncStream<BotChange>.Continuation
    }

    private let state = Mutex(State())
    private let repository: BotRepository
    private let time: TimeSource
    package let log: BotLog

    package init(database: Database, server: String, time: TimeSource = .system) {
        repository = BotRepository(database: database, server: server)
        log = BotLog(database: database)
        self.time = time
    }

    package func changed(_ session: SessionState) {
        state.withLock { state in
            guard let bot = state.bots[session.id] else { return }
            state.unwritten[session.id] = session
            let change = BotChange(bot: bot, session: session)
            for watcher in state.watchers.values where watcher.bots?.contains(bot) ?? true {
                watcher.continuation.yield(change)
            }
        }
    }

    /// Tells whoever watches that what is written of the bot has changed.
    func tellChange(of bot: BotID) {
        state.withLock { state in
            for watcher in state.watchers.values where watcher.bots?.contains(bot) ?? true {
                watcher.continuation.yield(BotChange(bot: bot, session: nil))
            }
            for reader in state.readers.values { reader.yield(bot) }
        }
    }

    package func logged(_ line: SessionLogLine, of session: SessionID) {
        guard let bot = bot(of: session) else { return }
        log.write(BotLogLine.Level(rawValue: line.level.rawValue) ?? .info, line.text, of: bot, at: line.at)
    }

    /// Every change of these bots from now on, or of all of them.
    package func watch(_ bots: Set<BotID>?) -> BotWatch {
        let (stream, continuation) = AsyncStream.makeStream(
            of: BotChange.self,
            bufferingPolicy: .bufferingNewest(1_024)
        )
        let number = state.withLock { state in
            defer { state.nextWatcher += 1 }
            state.watchers[state.nextWatcher] = Watcher(bots: bots, continuation: continuation)
            return state.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.watchers[number] = nil }
        }
        return BotWatch(changes: stream) { [weak self] bots in
            self?.state.withLock { $0.watchers[number]?.bots = bots }
        }
    }

    /// The bots of which something else is written from now on; of very many at once the last.
    func rowChanges() -> AsyncStream<BotID> {
        let (stream, continuation) = AsyncStream.makeStream(of: BotID.self, bufferingPolicy: .bufferingNewest(65_536))
        let number = state.withLock { state in
            defer { state.nextWatcher += 1 }
            state.readers[state.nextWatcher] = continuation
            return state.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.readers[number] = nil }
        }
        return stream
    }

    func bot(of session: SessionID) -> BotID? {
        state.withLock { $0.bots[session] }
    }

    var sessions: [SessionID: BotID] {
        state.withLock { $0.bots }
    }

    func follow(_ session: SessionID, as bot: BotID) {
        state.withLock { $0.bots[session] = bot }
    }

    func forget(_ session: SessionID) {
        state.withLock { state in
            state.bots[session] = nil
            state.unwritten[session] = nil
        }
    }

    /// Reads which session is whose; must be done before the first session starts.
    package func load() async throws {
        let owners = try await repository.owners()
        state.withLock { state in
            for owner in owners { state.bots[owner.session] = owner.bot }
        }
    }

    /// Writes down where sessions stand, and what they logged.
    package func flush() async throws {
        let states = state.withLock { state in
            defer { state.unwritten = [:] }
            return state.unwritten
        }
        do {
            let turns = try await repository.note(Array(states.values), at: time.date())
            for turn in turns where turn.link == .lost {
                log.write(.warning, "The phone has removed the bot: link it again.", of: turn.bot, at: time.date())
            }
        } catch {
            state.withLock { state in
                for (id, session) in states where state.unwritten[id] == nil && state.bots[id] != nil {
                    state.unwritten[id] = session
                }
            }
            throw error
        }
        try await log.flush()
    }
}

/// The changes of some bots, which can become other bots meanwhile.
package struct BotWatch: Sendable {
    package let changes: AsyncStream<BotChange>
    /// Follows these bots from now on, and no others.
    package let follow: @Sendable (_ bots: Set<BotID>) -> Void
}

/// A bot's session stands somewhere else now, or the bot has become another.
package struct BotChange: Sendable {
    package let bot: BotID
    /// Nil where it is what is written of the bot that has changed.
    package let session: SessionState?
}
