internal import Foundation

/// So many attempts within so long; whoever wants more waits, and longer each time.
package struct AttemptLimit: Sendable, Equatable {
    package var count: Int
    package var window: Duration
    /// The longest wait, however often the limit was met.
    package var longestWait: Duration

    package init(count: Int, window: Duration, longestWait: Duration = .seconds(3_600)) {
        self.longestWait = longestWait
        self.count = count
        self.window = window
    }
}

/// What one subject has tried of late.
///
/// Within the window `count` attempts pass. The next one blocks for one window, the time after that for two, then four, up to
/// the longest wait. A day without a block forgets the strikes.
struct AttemptState: Equatable {
    var takenAt: [Date] = []
    var strikes = 0
    var blockedUntil: Date?
    var lastAt: Date

    private static let strikesLast: TimeInterval = 86_400

    init(at now: Date) {
        lastAt = now
    }

    init(takenAt: [Date], strikes: Int, blockedUntil: Date?, lastAt: Date) {
        self.takenAt = takenAt
        self.strikes = strikes
        self.blockedUntil = blockedUntil
        self.lastAt = lastAt
    }

    /// Takes one attempt, or says how long to wait.
    ///
    /// A clock that was set back never makes the wait longer than the longest one.
    mutating func take(_ limit: AttemptLimit, at now: Date) -> Duration? {
        let longest = limit.longestWait / .seconds(1)
        if now.timeIntervalSince(lastAt) > Self.strikesLast { strikes = 0 }
        if let end = blockedUntil {
            let left = min(end.timeIntervalSince(now), longest)
            if left > 0 { return .seconds(left) }
            blockedUntil = nil
        }
        let window = limit.window / .seconds(1)
        takenAt.removeAll { abs(now.timeIntervalSince($0)) >= window }
        lastAt = now
        guard takenAt.count >= limit.count else {
            takenAt.append(now)
            return nil
        }
        let wait = min(longest, window * Double(1 << min(strikes, 16)))
        strikes += 1
        takenAt = []
        blockedUntil = now.addingTimeInterval(wait)
        return .seconds(wait)
    }

    /// Gives the newest attempt back: it was no guess.
    mutating func giveBack() {
        if !takenAt.isEmpty { takenAt.removeLast() }
    }
}
