import ServiceLifecycle
import Synchronization

/// Runs what bots are asked to do: a few things at once for each, a bounded number for all, the rest in a bounded queue.
final class CommandExecutor: Sendable {
    struct Limits: Sendable {
        /// At once for one bot.
        var perBot = 4
        /// Waiting for one bot; more is refused.
        var waiting = 64
        /// At once for all bots.
        var total = 512
    }

    typealias Job = @Sendable () async -> Void

    private struct Line {
        var running = 0
        var waiting: [Job] = []
    }

    private struct State {
        var lines: [BotID: Line] = [:]
        var running = 0
        /// Bots with waiting jobs that may go on as soon as somebody else has finished.
        var held: [BotID] = []
    }

    private let limits: Limits
    private let state = Mutex(State())
    private let jobs = AsyncStream.makeStream(of: (bot: BotID, job: Job).self)

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// False when the bot has too much to do already.
    func submit(for bot: BotID, _ job: @escaping Job) -> Bool {
        enum Choice { case start, wait, refuse }
        let choice = state.withLock { state in
            var line = state.lines[bot] ?? Line()
            defer { state.lines[bot] = line }
            if line.running < limits.perBot, state.running < limits.total {
                line.running += 1
                state.running += 1
                return Choice.start
            }
            guard line.waiting.count < limits.waiting else { return .refuse }
            if line.running < limits.perBot { state.held.append(bot) }
            line.waiting.append(job)
            return .wait
        }
        if choice == .start { jobs.continuation.yield((bot, job)) }
        return choice != .refuse
    }

    /// Runs until it is cancelled; what runs then is cancelled with it.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await (bot, job) in jobs.stream {
                group.addTask {
                    await job()
                    self.finished(bot)
                }
            }
            group.cancelAll()
        }
    }

    private func finished(_ bot: BotID) {
        let next = state.withLock { state -> [(bot: BotID, job: Job)] in
            state.running -= 1
            state.lines[bot]?.running -= 1
            var next: [(bot: BotID, job: Job)] = []
            take(bot, &state, &next)
            while state.running < limits.total, !state.held.isEmpty {
                take(state.held.removeFirst(), &state, &next)
            }
            if let line = state.lines[bot], line.running == 0, line.waiting.isEmpty { state.lines[bot] = nil }
            return next
        }
        for item in next { jobs.continuation.yield(item) }
    }

    private func take(_ bot: BotID, _ state: inout State, _ next: inout [(bot: BotID, job: Job)]) {
        guard var line = state.lines[bot], !line.waiting.isEmpty, line.running < limits.perBot,
            state.running < limits.total
        else { return }
        next.append((bot, line.waiting.removeFirst()))
        line.running += 1
        state.running += 1
        state.lines[bot] = line
    }

    /// How much is under way and waits.
    var load: (running: Int, waiting: Int) {
        state.withLock { state in (state.running, state.lines.values.reduce(0) { $0 + $1.waiting.count }) }
    }
}
