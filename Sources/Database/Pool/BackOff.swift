/// Growing pauses between tries, each shortened by chance so that many callers do not come back together.
struct BackOff {
    private var current: Duration
    private let limit: Duration

    init(first: Duration, limit: Duration) {
        current = first
        self.limit = limit
    }

    mutating func next() -> Duration {
        defer { current = min(current * 2, limit) }
        return current * Double.random(in: 0.5...1)
    }
}
