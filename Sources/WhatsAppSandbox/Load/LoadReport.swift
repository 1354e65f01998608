/// How the load goes.
package struct LoadReport: Sendable, Encodable, Equatable {
    package struct Percentiles: Sendable, Encodable, Equatable {
        package let p50: Double
        package let p95: Double
        package let p99: Double
        package let max: Double

        init(_ histogram: LatencyHistogram) {
            let milliseconds = { (share: Double) in Double(histogram.percentile(share)) / 1_000 }
            p50 = milliseconds(0.5)
            p95 = milliseconds(0.95)
            p99 = milliseconds(0.99)
            max = Double(histogram.longest) / 1_000
        }
    }

    /// Since the first message.
    package let seconds: Double
    /// Seconds of this process's processor time since then: what the load itself costs.
    package let processorTime: Double
    /// Sessions that are connected.
    package let connected: Int
    package let sent: Int
    package let acknowledged: Int
    package let echoed: Int
    package let doubled: Int
    package let lost: Int
    package let waiting: Int
    package let retries: Int
    package let undecryptable: Int
    package let errors: Int
    /// Milliseconds from sending to the session's delivery receipt.
    package let acknowledgement: Percentiles
    /// Milliseconds from sending to the echo.
    package let echo: Percentiles
    package let isFinal: Bool

    init(_ traffic: LoadTraffic, seconds: Double, processorTime: Double, connected: Int, isFinal: Bool) {
        self.seconds = seconds
        self.processorTime = processorTime
        self.connected = connected
        self.isFinal = isFinal
        let counts = traffic.counts
        sent = counts.sent
        acknowledged = counts.acknowledged
        echoed = counts.echoed
        doubled = counts.doubled
        lost = counts.lost
        waiting = traffic.waiting
        retries = counts.retries
        undecryptable = counts.undecryptable
        errors = counts.errors
        acknowledgement = Percentiles(traffic.acknowledgements)
        echo = Percentiles(traffic.echoes)
    }
}
