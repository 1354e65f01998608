internal import Foundation

/// What is to become durable next, and what waits for it.
struct CommitQueue {
    typealias Follower = @Sendable (isolated Session) -> Void

    enum Step {
        case always(Follower)
        /// For the message at a position of the batch: what happens when it is new, and when it was there before.
        case message(Int, isNew: Follower, isDuplicate: Follower)
    }

    /// What the next commit writes.
    var staged = StoreBatch()
    /// What happens once the staged batch is durable, in order.
    var steps: [Step] = []
    /// Ready to go to the senders of what is durable.
    var receipts = ReceiptQueue()
    /// The number of the staged batch.
    var number: UInt64 = 1
    /// All up to it are durable.
    var committed: UInt64 = 0
    var underWay = 0
    /// Bytes of the messages that are staged, and of those that are under way.
    var stagedBytes = 0
    var underWayBytes = 0
    var isFlushScheduled = false
    var isLateFlushScheduled = false
    var hasFailed = false
    var waiters: [(number: UInt64, continuation: LoopContinuation<Bool>)] = []
    /// Somebody waits until fewer commits are under way.
    var slotWaiters: [LoopContinuation<Void>] = []

    var isEmpty: Bool { staged.isEmpty && steps.isEmpty }

    /// Whether another commit may be started.
    func hasSlot(_ limits: SessionLimits) -> Bool {
        underWay < limits.commits && underWayBytes < limits.commitBytes
    }
}
