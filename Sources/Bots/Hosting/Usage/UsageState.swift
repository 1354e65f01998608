import Fleet
import Foundation
import WhatsApp

/// Turns counters that rise into what happened since the last look, and watches the share of the processor.
struct UsageState {
    private struct Seen {
        var run: UInt64
        var counters: SessionCounters
        var usage: SessionUsage
        var at: Duration
        /// Share of a processor, averaged over about five minutes.
        var share = 0.0
        /// How long it has been watched.
        var age = Duration.zero
    }

    private var seen: [SessionID: Seen] = [:]

    /// The average is over so long.
    static let window = Duration.seconds(300)

    /// What the session did since the last look; nothing at the first one, which may come long after the start.
    mutating func take(_ figures: RunFigures, of session: SessionID, at now: Duration) -> UsageSample {
        let before = seen[session]
        let isSame = before?.run == figures.run
        let counters = isSame ? before?.counters ?? SessionCounters() : SessionCounters()
        let usage = isSame ? before?.usage ?? SessionUsage() : SessionUsage()
        var sample = UsageSample()
        sample.received = max(0, figures.counters.received - counters.received)
        sample.sent = max(0, figures.counters.sent - counters.sent)
        sample.bytesIn = max(0, figures.usage.bytesIn - usage.bytesIn)
        sample.bytesOut = max(0, figures.usage.bytesOut - usage.bytesOut)
        sample.processorTime = max(.zero, figures.usage.processorTime - usage.processorTime)
        var next = Seen(run: figures.run, counters: figures.counters, usage: figures.usage, at: now)
        if let before, now > before.at {
            let elapsed = now - before.at
            let weight = 1 - exp(-(elapsed / Self.window))
            next.share = before.share + (sample.processorTime / elapsed - before.share) * weight
            next.age = before.age + elapsed
        }
        seen[session] = next
        return sample
    }

    /// Percent of one processor; nil before there was time enough to say.
    func processorPercent(of session: SessionID) -> Double? {
        guard let seen = seen[session], seen.age >= Self.window else { return nil }
        return seen.share * 100
    }

    /// Forgets sessions that do not run.
    mutating func keep(only sessions: some Collection<SessionID>) {
        let running = Set(sessions)
        seen = seen.filter { running.contains($0.key) }
    }
}
