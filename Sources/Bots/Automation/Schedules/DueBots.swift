import Synchronization

/// Lets bots do what is due beside each other: one deed at a time for each bot, and a bounded number together.
///
/// Who finds no room is looked at again a few seconds later.
final class DueBots: Sendable {
    /// A bot whose connection has stalled holds its place for more than a minute.
    private static let limit = 64
    private let busy = Mutex<Set<BotID>>([])

    /// Does it now, in the group, unless the bot is at it already or too many are.
    func begin(_ bot: BotID, in group: inout DiscardingTaskGroup, _ work: @escaping @Sendable () async -> Void) {
        let isFree = busy.withLock { busy in
            guard busy.count < Self.limit else { return false }
            return busy.insert(bot).inserted
        }
        guard isFree else { return }
        group.addTask {
            await work()
            self.busy.withLock { _ = $0.remove(bot) }
        }
    }
}
