import Metrics

/// How an attempt ended.
enum AttemptOutcome: String, CaseIterable {
    /// A session ID came out of it, whatever was done with it.
    case linked
    case failed
    case expired
    /// Nobody looked at it any more.
    case abandoned
    case deleted
    /// The server stopped.
    case stopped
}

/// Counts of attempts; nothing that tells one from another.
struct GeneratorMetrics {
    private let started = Counter(label: "generator.attempts.started")
    private let refused = Counter(label: "generator.attempts.refused")
    private let active = Gauge(label: "generator.attempts.active")
    private let finished: [AttemptOutcome: Counter]

    init() {
        finished = Dictionary(
            uniqueKeysWithValues: AttemptOutcome.allCases.map { outcome in
                let dimensions = [("outcome", outcome.rawValue)]
                return (outcome, Counter(label: "generator.attempts.finished", dimensions: dimensions))
            }
        )
    }

    func begun() { started.increment() }

    func turnedAway() { refused.increment() }

    func ended(_ outcome: AttemptOutcome) { finished[outcome]?.increment() }

    func count(_ attempts: Int) { active.record(attempts) }
}
