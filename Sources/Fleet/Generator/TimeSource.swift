package import Foundation

/// Where the generator takes the time from: the date for people, and a clock that never jumps for its own deadlines.
package struct TimeSource: Sendable {
    package let date: @Sendable () -> Date
    /// Time since some moment before everything.
    package let uptime: @Sendable () -> Duration

    package init(date: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration) {
        self.date = date
        self.uptime = uptime
    }

    /// The machine's.
    package static let system: TimeSource = {
        let start = ContinuousClock.now
        return TimeSource(date: { Date() }, uptime: { start.duration(to: .now) })
    }()
}
