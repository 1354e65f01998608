import Synchronization

/// The lines in which a bot's work waits: what is slow holds up nothing that is quick, and neither holds up what keeps order.
final class WorkLanes: Sendable {
    enum Lane: Sendable, CaseIterable {
        /// Moderation, what was deleted, and what happens in groups.
        case order
        /// Quick commands, rules, greetings and habits.
        case quick
        /// Commands that may take longer than ``slowness``.
        case slow
    }

    /// A command with a longer time limit is slow.
    static let slowness = Duration.seconds(45)
    /// Slow commands that one person may have under way with a bot; fewer of the slowest.
    static func share(of declaration: CommandDeclaration) -> Int {
        declaration.timeLimit > .seconds(120) ? 2 : 8
    }

    private struct Place: Hashable {
        let bot: BotID
        let person: String
    }

    private let order: CommandExecutor
    private let quick: CommandExecutor
    private let slow: CommandExecutor
    private let places = Mutex<[Place: Int]>([:])

    init(
        order: CommandExecutor.Limits = .init(perBot: 4, waiting: 256, total: 256),
        quick: CommandExecutor.Limits = .init(perBot: 4, waiting: 64, total: 512),
        slow: CommandExecutor.Limits = .init(perBot: 4, waiting: 32, total: 128)
    ) {
        self.order = CommandExecutor(limits: order)
        self.quick = CommandExecutor(limits: quick)
        self.slow = CommandExecutor(limits: slow)
    }

    static func lane(of declaration: CommandDeclaration) -> Lane {
        declaration.timeLimit > slowness ? .slow : .quick
    }

    /// False when the bot has too much to do on that lane already.
    func submit(for bot: BotID, on lane: Lane, _ job: @escaping CommandExecutor.Job) -> Bool {
        switch lane {
        case .order: order.submit(for: bot, job)
        case .quick: quick.submit(for: bot, job)
        case .slow: slow.submit(for: bot, job)
        }
    }

    /// Takes a place for a slow command of somebody; false when that person has too many under way already.
    func enter(_ bot: BotID, _ person: String, share: Int) -> Bool {
        let place = Place(bot: bot, person: person)
        return places.withLock { places in
            guard places[place, default: 0] < share else { return false }
            places[place, default: 0] += 1
            return true
        }
    }

    /// Gives the place back.
    func leave(_ bot: BotID, _ person: String) {
        let place = Place(bot: bot, person: person)
        places.withLock { places in
            guard let count = places[place] else { return }
            places[place] = count > 1 ? count - 1 : nil
        }
    }

    /// How much is under way and waits, on all lanes.
    var load: (running: Int, waiting: Int) {
        [order, quick, slow].map(\.load).reduce((0, 0)) { ($0.running + $1.running, $0.waiting + $1.waiting) }
    }

    /// Runs until it is cancelled; what runs then is cancelled with it.
    func run() async {
        await withDiscardingTaskGroup { group in
            for executor in [order, quick, slow] { group.addTask { await executor.run() } }
        }
    }
}
