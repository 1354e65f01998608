package import WhatsApp

/// How busy this process is with its sessions.
package struct FleetFigures: Sendable, Equatable {
    package var statuses: [SessionStatus: Int] = [:]
    /// Wait for their turn to be started.
    package var waiting = 0
    /// Try again after a while.
    package var delayed = 0
    /// The service lets nobody in, and starts are held back.
    package var isHeldBack = false
}

/// What one run of a session has done and cost so far.
package struct RunFigures: Sendable {
    /// Tells one run from the next, whose figures begin at zero again.
    package let run: UInt64
    package let counters: SessionCounters
    package let usage: SessionUsage

    package init(run: UInt64, counters: SessionCounters, usage: SessionUsage) {
        self.run = run
        self.counters = counters
        self.usage = usage
    }
}

extension SessionScheduler {
    package var figures: FleetFigures {
        FleetFigures(
            statuses: entries.values.reduce(into: [:]) { $0[$1.status, default: 0] += 1 },
            waiting: queue.count,
            delayed: delayed.count,
            isHeldBack: door.isHeldBack
        )
    }

    /// The figures of every session that runs.
    package func runFigures() async -> [SessionID: RunFigures] {
        var figures: [SessionID: RunFigures] = [:]
        for (id, entry) in entries {
            guard let run = entry.running else { continue }
            let counters = await run.session.counters
            figures[id] = RunFigures(run: entry.run, counters: counters, usage: run.session.meter.usage)
        }
        return figures
    }

    /// Bytes that each of the sessions takes in the database.
    package func storage(of ids: [SessionID]) async throws -> [SessionID: Int] {
        try await vault.sessions.storage(of: ids)
    }
}
