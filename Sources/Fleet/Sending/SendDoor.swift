package import Database
import Foundation
import Synchronization
package import WhatsApp

/// What every message passes that nobody has asked for at that moment: broadcasts, and whatever goes out by a plan.
///
/// Between two of one session there is a pause, never the same twice; a day has a cap for each session, whichever process
/// holds it; and while WhatsApp limits the account nothing passes. Answers do not come here.
package final class SendDoor: Sendable {
    package struct Configuration: Sendable {
        /// Between two of one session at the least; up to twice as long.
        package var pause = Duration.milliseconds(1_500)
        /// Of one session within a day (UTC).
        package var dailyCap = 500
        /// How many of one session may wait for their turn.
        package var waiting = 1_000

        package init() {}
    }

    package enum Refusal: Error, Equatable {
        /// WhatsApp lets the account not write to others now.
        case limitedByService
        case dailyCapReached(Int)
        /// Too many wait already.
        case tooMany
    }

    private struct Turn {
        var next: Duration
        var waiting = 0
    }

    private let database: Database
    private let time: TimeSource
    private let configuration: Configuration
    private let turns = Mutex<[SessionID: Turn]>([:])

    package init(configuration: Configuration = Configuration(), database: Database, time: TimeSource = .system) {
        self.configuration = configuration
        self.database = database
        self.time = time
    }

    /// Waits for the session's turn, and counts the message that goes out then.
    ///
    /// - Throws: ``Refusal``, `CancellationError`, or `DatabaseError`.
    package func pass(_ id: SessionID, restrictions: SessionRestrictions) async throws {
        guard !restrictions.isReachOutLocked else { throw Refusal.limitedByService }
        let wait = try turn(of: id)
        do {
            if wait > .zero { try await Task.sleep(for: wait) }
        } catch {
            left(id)
            throw error
        }
        left(id)
        try await count(id)
    }

    /// How long it is until the turn that is taken by this.
    private func turn(of id: SessionID) throws(Refusal) -> Duration {
        let now = time.uptime()
        let pause = configuration.pause * Double.random(in: 1...2)
        let wait = turns.withLock { turns -> Duration? in
            if turns.count > 10_000 { turns = turns.filter { $0.value.waiting > 0 || $0.value.next > now } }
            var turn = turns[id] ?? Turn(next: now)
            guard turn.waiting < configuration.waiting else { return nil }
            let begins = max(now, turn.next)
            turn.next = begins + pause
            turn.waiting += 1
            turns[id] = turn
            return begins - now
        }
        guard let wait else { throw .tooMany }
        return wait
    }

    private func left(_ id: SessionID) {
        turns.withLock { $0[id]?.waiting -= 1 }
    }

    private func count(_ id: SessionID) async throws {
        let day = (time.date().timeIntervalSince1970 / 86_400).rounded(.down)
        let row = try await database.queryOne(
            """
            INSERT INTO session_sends (session_id, day, count) VALUES (\(id), \(Int(day)), 1)
            ON CONFLICT (session_id) DO UPDATE SET
                day = EXCLUDED.day,
                count = CASE WHEN session_sends.day = EXCLUDED.day THEN session_sends.count + 1 ELSE 1 END
            WHERE session_sends.day <> EXCLUDED.day OR session_sends.count < \(configuration.dailyCap)
            RETURNING count
            """
        )
        guard row != nil else { throw Refusal.dailyCapReached(configuration.dailyCap) }
    }
}
