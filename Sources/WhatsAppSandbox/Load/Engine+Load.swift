import Foundation
import NIOCore

/// Keeps a load at its rate.
final class LoadDriver {
    /// Between two looks at what is due.
    private static let tick = TimeAmount.milliseconds(5)
    private static let reportInterval = TimeAmount.seconds(5)
    /// After the last message, for the echoes that are under way.
    private static let grace = TimeAmount.seconds(10)

    private let engine: Engine
    private let order: LoadOrder
    private let report: @Sendable (LoadReport) -> Void
    private let done: EventLoopPromise<LoadReport>
    private var startedAt: NIODeadline?
    private var endedAt: NIODeadline?
    private var processorTimeBefore = 0.0
    private var nextReport = NIODeadline.now()
    private var nextCount = NIODeadline.now()
    private var sent = 0

    init(
        engine: Engine,
        order: LoadOrder,
        report: @escaping @Sendable (LoadReport) -> Void,
        done: EventLoopPromise<LoadReport>
    ) {
        self.engine = engine
        self.order = order
        self.report = report
        self.done = done
    }

    func start() {
        let bound = NIOLoopBound(self, eventLoop: engine.eventLoop)
        engine.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.tick) { task in
            if bound.value.step() { task.cancel() }
        }
    }

    /// One look at the clock; whether the load is over.
    private func step() -> Bool {
        let now = NIODeadline.now()
        if startedAt == nil, now >= nextCount {
            // Some thousand look-ups.
            nextCount = now + .milliseconds(100)
            if engine.view.connectedSessions >= order.sessions {
                startedAt = now
                processorTimeBefore = Self.processorTime()
            }
        }
        if let startedAt, endedAt == nil {
            let elapsed = now - startedAt
            if let seconds = order.seconds, elapsed >= .seconds(Int64(seconds)) {
                endedAt = now
            } else {
                let due = Int(Double(elapsed.nanoseconds) / 1e9 * Double(order.rate)) - sent
                // After a stall the rest is caught up with in pieces, so that the sockets are read in between.
                let count = min(max(0, due), max(1, order.rate / 20))
                sent += count
                engine.perform { $0.sendLoad(count) }
            }
        }
        if now >= nextReport {
            nextReport = now + Self.reportInterval
            engine.perform { $0.forgetOldLoad() }
            if let current = current(at: now, isFinal: false) { report(current) }
        }
        guard let endedAt else { return false }
        let isQuiet = engine.view.load?.waiting == 0
        guard isQuiet || now - endedAt >= Self.grace, let final = current(at: endedAt, isFinal: true) else {
            return false
        }
        done.succeed(final)
        return true
    }

    private func current(at time: NIODeadline, isFinal: Bool) -> LoadReport? {
        let state = engine.view
        guard let traffic = state.load else { return nil }
        return LoadReport(
            traffic,
            seconds: startedAt.map { Double((time - $0).nanoseconds) / 1e9 } ?? 0,
            processorTime: startedAt == nil ? 0 : Self.processorTime() - processorTimeBefore,
            connected: state.connectedSessions,
            isFinal: isFinal
        )
    }

    /// Seconds that the processors have worked for this process.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension SandboxServer {
    /// Makes the phones and sessions of a load; the credentials of the sessions, which log in without being scanned.
    package func prepare(_ order: LoadOrder) async throws -> [PreparedDevice] {
        try await onLoop { engine in
            try engine.perform { state in
                let devices = try state.prepare(order)
                state.load = LoadTraffic(order: order)
                return devices
            }
        }
    }

    /// Links a companion to a phone that nobody has shown; it never connects unless somebody takes its keys.
    @discardableResult
    package func linkPrepared(to number: String) async throws -> PreparedDevice {
        try await onLoop { engine in try engine.perform { try $0.linkDirectly(to: number) } }
    }

    /// Writes to the sessions of a prepared load once all of them are connected; the last report.
    ///
    /// `report` is called every five seconds.
    package func run(
        _ order: LoadOrder,
        report: @escaping @Sendable (LoadReport) -> Void
    ) async throws -> LoadReport {
        try await onLoopEventually { engine in
            let done = engine.eventLoop.makePromise(of: LoadReport.self)
            LoadDriver(engine: engine, order: order, report: report, done: done).start()
            return done.futureResult
        }
    }
}
