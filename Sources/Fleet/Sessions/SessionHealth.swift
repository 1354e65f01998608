import Foundation
import WhatsApp

/// How well a session has done lately: what went wrong counts less the longer ago it is.
struct SessionHealth: Sendable {
    /// After so long, what went wrong counts half.
    private static let halfLife: TimeInterval = 1_800

    private var last = SessionCounters()
    private var lastAt: Date?
    private var disconnects = 0.0
    private var failures = 0.0
    private var received = 0.0
    private var acknowledged = 0.0
    private var waited = 0.0

    /// Takes in what the session's counters say now.
    mutating func note(_ counters: SessionCounters, at now: Date) {
        let elapsed = lastAt.map { max(0, now.timeIntervalSince($0)) } ?? 0
        let fading = pow(0.5, elapsed / Self.halfLife)
        // A new run counts from zero again.
        let before = counters.received < last.received || counters.sent < last.sent ? SessionCounters() : last
        disconnects = disconnects * fading + Double(max(0, counters.disconnects - before.disconnects))
        failures = failures * fading + Double(max(0, counters.decryptFailures - before.decryptFailures))
        received = received * fading + Double(max(0, counters.received - before.received))
        acknowledged = acknowledged * fading + Double(max(0, counters.acknowledged - before.acknowledged))
        let wait = counters.acknowledgementTime - before.acknowledgementTime
        waited = waited * fading + max(0, wait / .seconds(1))
        last = counters
        lastAt = now
    }

    /// From 0 to 100.
    ///
    /// Off go: 10 for each disconnect (40 at most), 3 for each percent of messages that could not be decrypted (30), 10 for
    /// each second that the service takes to acknowledge beyond the first (20), and 1 for each message that has been asked
    /// for again (10).
    var score: Int {
        var score = 100.0
        score -= min(40, disconnects * 10)
        if failures > 0 { score -= min(30, 300 * failures / max(received + failures, 1)) }
        if acknowledged > 0 { score -= min(20, max(0, waited / acknowledged - 1) * 10) }
        score -= min(10, Double(last.pendingRetries))
        return Int(max(0, score.rounded()))
    }
}
