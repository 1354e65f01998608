import Fleet
import Foundation
import Logging

/// Brings sessions where their bots are to be, one bot at a time, always from the row as it is.
///
/// Whoever changes a row asks for it afterwards. Several changes of one bot at once end in what was written last.
actor Settler {
    private let repository: BotRepository
    private let scheduler: SessionScheduler
    private let time: TimeSource
    private let logger: Logger
    private var busy: [BotID: [CheckedContinuation<Void, Never>]] = [:]

    init(repository: BotRepository, scheduler: SessionScheduler, time: TimeSource, logger: Logger) {
        self.repository = repository
        self.scheduler = scheduler
        self.time = time
        self.logger = logger
    }

    /// Starts or stops the bot's session as the row has it.
    ///
    /// Without `isAsked` a session that failed, that was idle for long, or that no phone has linked, is left alone.
    func settle(_ id: BotID, isAsked: Bool) async throws {
        try await alone(id) {
            guard let bot = try await self.repository.find(id) else { return }
            try await self.settle(bot, isAsked: isAsked)
        }
    }

    /// Runs the closure while nobody else does anything with the bot's session.
    func alone<Value: Sendable>(_ id: BotID, _ body: @Sendable () async throws -> Value) async throws -> Value {
        while busy[id] != nil {
            await withCheckedContinuation { busy[id, default: []].append($0) }
        }
        busy[id] = []
        defer { for waiter in busy.removeValue(forKey: id) ?? [] { waiter.resume() } }
        return try await body()
    }

    /// Sees to the bots whose sessions are not where they are to be.
    func settleAll(_ bots: [Bot]) async {
        let states = Dictionary(await scheduler.all().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let now = time.date()
        for bot in bots {
            guard let state = states[bot.session], busy[bot.id] == nil, !Task.isCancelled else { continue }
            guard bot.mayRun(at: now) != Self.runs(state) || bot.isSuspended && state.isWanted else { continue }
            do {
                try await settle(bot.id, isAsked: false)
            } catch {
                logger.warning("A bot is not as it should be", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
            }
        }
    }

    private static func runs(_ state: SessionState) -> Bool { state.isWanted && !state.isLinkOnly }

    private func settle(_ bot: Bot, isAsked: Bool) async throws {
        let state: SessionState
        do {
            state = try await scheduler.state(of: bot.session)
        } catch {
            // Made by another process of this server a moment ago, or being deleted.
            return
        }
        let runs = Self.runs(state)
        if bot.mayRun(at: time.date()) {
            guard !runs else { return }
            let isReady = state.jid != nil && state.status != .failed && !state.isLinkOnly && !state.isParked
            guard isAsked || isReady else { return }
            try await scheduler.start(bot.session)
        } else if runs {
            try await scheduler.stop(bot.session)
        } else if bot.isSuspended, state.isWanted {
            try await scheduler.stopLinking(bot.session)
        }
    }
}
