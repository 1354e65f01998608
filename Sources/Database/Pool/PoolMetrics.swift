import CoreMetrics

/// What the pool reports about itself.
struct PoolMetrics: Sendable {
    private let factory: any MetricsFactory
    private let idle: Gauge
    private let inUse: Gauge
    private let waiting: Gauge
    private let waits: Counter
    private let waitDuration: CoreMetrics.Timer
    private let queryDuration: CoreMetrics.Timer
    private let opened: Counter
    let slow = SlowStatements()

    init(factory: any MetricsFactory) {
        self.factory = factory
        idle = Gauge(label: "database.connections.idle", factory: factory)
        inUse = Gauge(label: "database.connections.in_use", factory: factory)
        waiting = Gauge(label: "database.waits.current", factory: factory)
        waits = Counter(label: "database.waits", factory: factory)
        waitDuration = CoreMetrics.Timer(label: "database.wait.duration", factory: factory)
        queryDuration = CoreMetrics.Timer(label: "database.query.duration", factory: factory)
        opened = Counter(label: "database.connections.opened", factory: factory)
    }

    func report<Connection>(_ state: PoolState<Connection>) {
        idle.record(state.idleCount)
        inUse.record(state.inUseCount)
        waiting.record(state.waiterCount)
    }

    func opened(_ count: Int = 1) {
        opened.increment(by: count)
    }

    func waited(for duration: Duration) {
        waits.increment()
        waitDuration.recordNanoseconds(duration.wholeNanoseconds)
    }

    func queried(_ text: String, for duration: Duration) {
        queryDuration.recordNanoseconds(duration.wholeNanoseconds)
        slow.note(text, took: duration)
    }

    func failed(_ error: DatabaseError) {
        Counter(label: "database.errors", dimensions: [("class", error.metricClass)], factory: factory).increment()
    }
}

extension Duration {
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : nanoseconds + attoseconds / 1_000_000_000
    }
}
