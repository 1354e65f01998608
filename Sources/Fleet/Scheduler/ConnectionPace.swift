/// How many sessions may connect at a moment: a rate without bursts, and a breaker before it.
struct ConnectionPace {
    private let rate: Double
    private var breaker: StartBreaker
    private var credit = 1.0
    private var last: Duration?

    init(perSecond: Int, breaker: StartBreaker = StartBreaker()) {
        rate = Double(max(1, perSecond))
        self.breaker = breaker
    }

    /// Whether the service lets nobody in.
    var isHeldBack: Bool { breaker.isOpen }

    /// How many of those who wait may connect now, which counts as done.
    ///
    /// `now` is time since some moment before everything; `jitter` is about 1.
    mutating func admit(_ waiting: Int, at now: Duration, jitter: Double) -> Int {
        let elapsed = max(0, (now - (last ?? now)) / .seconds(1))
        last = now
        // What was not used is not saved up: that would be a burst.
        credit = min(credit + rate * elapsed * jitter, max(1, rate / 5))
        let limit = min(waiting, Int(credit))
        guard limit > 0 else { return 0 }
        let allowed =
            switch breaker.allowance(at: now) {
            case .all: limit
            case .one: 1
            case .none: 0
            }
        credit -= Double(allowed)
        return allowed
    }

    mutating func succeeded() { breaker.succeeded() }

    mutating func failed(at now: Duration) { breaker.failed(at: now) }
}
