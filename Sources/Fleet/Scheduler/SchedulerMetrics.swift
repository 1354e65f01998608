import Metrics

/// Counts of sessions; nothing that tells one from another.
struct SchedulerMetrics {
    private let started = Counter(label: "session.starts")
    private let changes: [SessionStatus: Counter]
    private let standing: [SessionStatus: Gauge]
    private let waiting = Gauge(label: "session.starts.waiting")
    private let held = Gauge(label: "session.breaker.open")

    init() {
        changes = Dictionary(
            uniqueKeysWithValues: SessionStatus.allCases.map { status in
                (status, Counter(label: "session.status.changes", dimensions: [("status", status.rawValue)]))
            }
        )
        standing = Dictionary(
            uniqueKeysWithValues: SessionStatus.allCases.map { status in
                (status, Gauge(label: "session.count", dimensions: [("status", status.rawValue)]))
            }
        )
    }

    func began() { started.increment() }

    func became(_ status: SessionStatus) { changes[status]?.increment() }

    func stand(_ counts: [SessionStatus: Int], waiting count: Int, isHeldBack: Bool) {
        for (status, gauge) in standing { gauge.record(counts[status] ?? 0) }
        waiting.record(count)
        held.record(isHeldBack ? 1 : 0)
    }
}
