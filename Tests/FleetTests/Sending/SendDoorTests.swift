import Database
import Foundation
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp

@testable import Fleet

struct SendDoorTests {
    private final class Clock: Sendable {
        private let now = Mutex(Date(timeIntervalSince1970: 86_400 * 20_000))

        var source: TimeSource {
            TimeSource(
                date: { self.now.withLock { $0 } },
                uptime: { .seconds(self.now.withLock { $0 }.timeIntervalSince1970) }
            )
        }

        func advance(_ seconds: TimeInterval) { now.withLock { $0 += seconds } }
    }

    private func run(
        _ change: (inout SendDoor.Configuration) -> Void,
        _ body: (SendDoor, StoreWorld, Clock) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let world = try await StoreWorld(database)
            let clock = Clock()
            var configuration = SendDoor.Configuration()
            configuration.pause = .zero
            change(&configuration)
            try await body(
                SendDoor(configuration: configuration, database: database, time: clock.source),
                world,
                clock
            )
        }
    }

    @Test func aDayHasACapForEachSession() async throws {
        try await run {
            $0.dailyCap = 3
        } _: { door, world, clock in
            let (one, other) = (try await world.makeSession("a"), try await world.makeSession("b"))
            for _ in 0..<3 { try await door.pass(one, restrictions: .init()) }
            await #expect(throws: SendDoor.Refusal.dailyCapReached(3)) {
                try await door.pass(one, restrictions: .init())
            }
            try await door.pass(other, restrictions: .init())
            // As another process sees it, which has counted nothing itself.
            clock.advance(86_300)
            await #expect(throws: SendDoor.Refusal.dailyCapReached(3)) {
                try await door.pass(one, restrictions: .init())
            }
            clock.advance(200)
            try await door.pass(one, restrictions: .init())
        }
    }

    @Test func nothingPassesWhileTheAccountIsLimited() async throws {
        try await run { _ in
        } _: { door, world, _ in
            let session = try await world.makeSession()
            var restrictions = SessionRestrictions()
            restrictions.isReachOutLocked = true
            await #expect(throws: SendDoor.Refusal.limitedByService) {
                try await door.pass(session, restrictions: restrictions)
            }
        }
    }

    /// The clock stands still, so each waits for as long as those before it make it wait.
    @Test func eachWaitsForItsTurnAndMayGiveUp() async throws {
        try await run {
            $0.pause = .seconds(600)
            $0.waiting = 2
        } _: { door, world, clock in
            let session = try await world.makeSession()
            try await door.pass(session, restrictions: .init())
            let waiting = (0..<2).map { _ in Task { try await door.pass(session, restrictions: .init()) } }
            try await eventually {
                do {
                    let probe = Task { try await door.pass(session, restrictions: .init()) }
                    probe.cancel()
                    try await probe.value
                    return false
                } catch let refusal as SendDoor.Refusal {
                    return refusal == .tooMany
                } catch {
                    return false
                }
            }
            for task in waiting {
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            // Long after it is anybody's turn.
            clock.advance(10_000)
            try await door.pass(session, restrictions: .init())
        }
    }
}
