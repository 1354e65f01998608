/// How long one statement is waited for, and what to do when that is over.
///
/// First the server is asked to stop the statement, either because the caller wished it or because the time is up. It ignores
/// a request that overtakes the statement on its way, so it is asked again until it obeys. If it does not within the grace
/// period, the connection is given up.
struct Patience {
    enum Verdict: Equatable {
        /// Wait for the server, at most so long; nil is without end.
        case wait(Duration?)
        /// Ask the server to stop the statement.
        case stop
        /// The server does not answer: drop the connection.
        case giveUp
    }

    static let gracePeriod: Duration = .seconds(4)
    static let interval: Duration = .milliseconds(100)

    /// Why the statement was stopped, once it was.
    private(set) var reason: DatabaseError?
    private let interruption: Interruption
    private var deadline: ContinuousClock.Instant?
    private var nextRequest: ContinuousClock.Instant?

    /// Without a time limit the statement runs for as long as it wants.
    init(interruption: Interruption, timeLimit: Duration?, now: ContinuousClock.Instant = .now) {
        self.interruption = interruption
        deadline = timeLimit.map { now + $0 }
    }

    mutating func verdict(now: ContinuousClock.Instant = .now) -> Verdict {
        if let nextRequest, let deadline {
            guard now < deadline else { return .giveUp }
            guard now >= nextRequest else { return .wait(min(nextRequest, deadline) - now) }
            self.nextRequest = now + Self.interval
            return .stop
        }
        if interruption.isRequested {
            reason = .cancelled
        } else if let deadline, now >= deadline {
            reason = .timeout
        } else {
            return .wait(deadline.map { $0 - now })
        }
        deadline = now + Self.gracePeriod
        nextRequest = now + Self.interval
        return .stop
    }
}
