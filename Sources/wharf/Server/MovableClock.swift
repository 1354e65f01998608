import Bots
import Fleet
import Foundation
import Synchronization

/// The machine's clock, some days ahead; only a sandbox has it, so that months pass within a test.
final class MovableClock: Sendable {
    private let ahead = Mutex<TimeInterval>(0)

    var source: TimeSource {
        let system = TimeSource.system
        return TimeSource(date: { self.now }, uptime: system.uptime)
    }

    private var now: Date { Date().addingTimeInterval(ahead.withLock { $0 }) }

    /// Moves on, and has what came due done at once.
    func advancing(_ keeper: HostingService) -> @Sendable (_ days: Double) async throws -> Void {
        { days in
            self.ahead.withLock { $0 += days * 86_400 }
            try await keeper.check()
        }
    }
}
