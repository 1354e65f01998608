import Foundation

/// What becomes of a scheduled message after a try: tried again for a while, then over until the next time.
struct ScheduleTry: Equatable {
    /// Tries of one time.
    static let limit = 10
    /// Between two of them.
    static let pause: TimeInterval = 60
    /// What is due for longer, because no bot ran, is not sent any more.
    static let patience: TimeInterval = 86_400

    /// The same time while that is tried again, else the next one; nil once it is over.
    let nextAt: Date?
    /// How often that time was tried in vain.
    let failures: Int

    init(of message: ScheduledMessage, _ problem: ScheduleProblem?, isFinal: Bool = false, at now: Date) {
        let failures = message.failures + 1
        let isTriedAgain = problem != nil && !isFinal && failures < Self.limit
        nextAt = isTriedAgain ? message.nextAt : message.following(now)
        self.failures = isTriedAgain ? failures : 0
    }
}
