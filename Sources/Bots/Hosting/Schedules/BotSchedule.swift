package import Foundation

/// The hours in which a bot runs: between two times of the chosen days, in its own time zone.
///
/// Where the end is before the beginning it is on the next day, and counts as that of the day before.
package struct BotSchedule: Sendable, Equatable {
    package let zone: TimeZone
    /// Minutes since midnight.
    package let start: Int
    package let stop: Int
    /// Bit 0 is Monday.
    package let days: Int

    /// Throws for a time zone that nobody knows, times that are none, and for no day at all.
    package init(zone: String, start: Int, stop: Int, days: Int) throws(HostingError) {
        guard zone.utf8.count <= 64, let known = TimeZone(identifier: zone), (0..<1_440).contains(start),
            (0..<1_440).contains(stop), start != stop, (1...127).contains(days)
        else { throw .invalidSchedule }
        self.zone = known
        self.start = start
        self.stop = stop
        self.days = days
    }

    package func isOpen(at now: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.weekday, .hour, .minute], from: now)
        guard let weekday = parts.weekday, let hour = parts.hour, let minute = parts.minute else { return true }
        // The calendar's week begins with Sunday as 1.
        let day = (weekday + 5) % 7
        let time = hour * 60 + minute
        if start < stop { return isChosen(day) && (start..<stop).contains(time) }
        return (isChosen(day) && time >= start) || (isChosen((day + 6) % 7) && time < stop)
    }

    package func isChosen(_ day: Int) -> Bool { days & (1 << day) != 0 }
}
