/// Holds back further starts while the service lets nobody in.
///
/// Failures count when they follow each other without one success. Once there are too many, nothing is started for a while,
/// then one session is let through to try; its success opens the way again, its failure doubles the wait.
struct StartBreaker {
    /// How many may be started now.
    enum Allowance: Equatable {
        case all
        /// One, to see how it fares.
        case one
        case none
    }

    private enum State: Equatable {
        case closed
        case open(until: Duration)
        case trying(since: Duration)
    }

    private let limit: Int
    private let first: Duration
    private let longest: Duration
    private var state = State.closed
    private var failures = 0
    private var wait: Duration

    init(limit: Int = 25, first: Duration = .seconds(5), longest: Duration = .seconds(300)) {
        self.limit = limit
        self.first = first
        self.longest = longest
        wait = first
    }

    var isOpen: Bool { state != .closed }

    /// Asks before starting; `now` is time since some moment before everything.
    mutating func allowance(at now: Duration) -> Allowance {
        switch state {
        case .closed: return .all
        case .open(let until):
            guard now >= until else { return .none }
            state = .trying(since: now)
            return .one
        case .trying(let since):
            // The one that was let through has said nothing for long: another may try.
            guard now - since > .seconds(60) else { return .none }
            state = .trying(since: now)
            return .one
        }
    }

    mutating func succeeded() {
        state = .closed
        failures = 0
        wait = first
    }

    mutating func failed(at now: Duration) {
        failures += 1
        switch state {
        case .closed:
            guard failures >= limit else { return }
            state = .open(until: now + wait)
        case .trying:
            wait = min(wait * 2, longest)
            state = .open(until: now + wait)
        case .open: break
        }
    }
}
