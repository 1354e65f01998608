import Foundation
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// Sessions that lose their connection all at once.
@Suite(.timeLimit(.minutes(3)))
struct ReconnectingTests {
    @Test func afterARestartOfTheServiceTheyComeBackStaggered() async throws {
        try await SchedulerWorld.run { world in
            let ids = try await world.linkMany(8)
            let arrivals = Arrivals()
            var configuration = SchedulerConfiguration.quick
            configuration.startsPerSecond = 4
            try await world.whileScheduling(observers: [arrivals], configuration: configuration) { scheduler in
                for id in ids { try await scheduler.wait(for: .working, of: id) }
                #expect(arrivals.takeSpan() > .milliseconds(1_000))

                _ = try await world.sandbox.inject(.serverRestart)
                try await eventually { arrivals.count == ids.count }
                for id in ids { try await scheduler.wait(for: .working, of: id) }
                // Without turns all would be there about a second later, a tenth of a second apart.
                #expect(arrivals.takeSpan() > .milliseconds(1_000))
                #expect(await scheduler.figures.waiting == 0)
            }
        }
    }

    @Test func aServiceThatLetsNobodyInIsTriedByOneAtATime() async throws {
        try await SchedulerWorld.run { world in
            let ids = try await world.linkMany(6)
            var configuration = SchedulerConfiguration.quick
            configuration.failuresInARow = 4
            configuration.breakerPause = .seconds(3)
            try await world.whileScheduling(configuration: configuration) { scheduler in
                for id in ids { try await scheduler.wait(for: .working, of: id) }
                _ = try await world.sandbox.inject(.refuseLogin(reason: 503, attributes: [:]), times: 1_000)
                _ = try await world.sandbox.inject(.serverRestart)
                try await eventually { await scheduler.figures.isHeldBack }
                // They have waited for themselves, and now for their turn.
                try await eventually { await scheduler.figures.waiting >= 5 }
                #expect(await scheduler.figures.isHeldBack)

                // One that is stopped meanwhile does not come back.
                try await scheduler.stop(ids[5])
                try await world.sandbox.clearFaults()
                for id in ids[..<5] { try await scheduler.wait(for: .working, of: id) }
                #expect(await !scheduler.figures.isHeldBack)
                #expect(try await scheduler.state(of: ids[5]).status == .stopped)
            }
        }
    }
}

extension SchedulerWorld {
    /// Links so many sessions, which are wanted and do not run yet.
    fileprivate func linkMany(_ count: Int) async throws -> [SessionID] {
        var ids: [SessionID] = []
        try await whileScheduling { scheduler in
            for number in 0..<count {
                let phone = "1555000\(3_000 + number)"
                try await sandbox.createPhone(NewPhone(number: phone, name: "Phone \(number)"))
                ids.append(try await link(scheduler, "session-\(number)", with: phone))
            }
        }
        return ids
    }
}

/// When sessions began to work.
private final class Arrivals: SessionObserver {
    private let times = Mutex<[ContinuousClock.Instant]>([])

    var count: Int { times.withLock { $0.count } }

    func changed(_ state: SessionState) {
        if state.status == .working { times.withLock { $0.append(.now) } }
    }

    func logged(_ line: SessionLogLine, of session: SessionID) {}

    /// From the first to the last so far; begins anew.
    func takeSpan() -> Duration {
        times.withLock { times in
            defer { times = [] }
            guard let first = times.first, let last = times.last else { return .zero }
            return last - first
        }
    }
}
