package import Foundation

/// When something is done again and again: minute, hour, day of the month, month, day of the week.
///
/// Each field is `*`, a number, a range, a list of these, with `/n` for every n-th; months and days of the week may be named.
/// Where both days are given, either is enough.
package struct CronExpression: Sendable, Equatable {
    package let text: String
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    private let isAnyDay: Bool
    private let isAnyWeekday: Bool

    /// Nil for what is no such expression.
    package init?(_ text: String) {
        guard text.utf8.count <= 200 else { return nil }
        let fields = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count == 5,
            let minutes = Self.set(fields[0], 0...59), let hours = Self.set(fields[1], 0...23),
            let days = Self.set(fields[2], 1...31), let months = Self.set(fields[3], 1...12, names: Self.monthNames),
            let weekdays = Self.set(fields[4], 0...7, names: Self.weekdayNames)
        else { return nil }
        self.text = fields.joined(separator: " ")
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        // Sunday is 0 and 7.
        self.weekdays = weekdays & 0x80 != 0 ? weekdays | 1 : weekdays
        isAnyDay = fields[2].hasPrefix("*")
        isAnyWeekday = fields[4].hasPrefix("*")
    }

    private static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]
    private static let weekdayNames = ["sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6]

    private static func set(_ field: String, _ range: ClosedRange<Int>, names: [String: Int] = [:]) -> UInt64? {
        var bits: UInt64 = 0
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            var step = 1
            if halves.count == 2 {
                guard let number = Int(halves[1]), (1...60).contains(number) else { return nil }
                step = number
            }
            let ends = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let number = { (text: Substring) in names[String(text)] ?? Int(text) }
            let low: Int
            let high: Int
            if halves[0] == "*" {
                (low, high) = (range.lowerBound, range.upperBound)
            } else if ends.count == 2 {
                guard let first = number(ends[0]), let last = number(ends[1]) else { return nil }
                (low, high) = (first, last)
            } else {
                guard let first = number(halves[0]) else { return nil }
                (low, high) = (first, halves.count == 2 ? range.upperBound : first)
            }
            guard range.contains(low), range.contains(high), low <= high else { return nil }
            for value in stride(from: low, through: high, by: step) { bits |= 1 << UInt64(value) }
        }
        return bits == 0 ? nil : bits
    }

    /// The first such minute after a time; nil where there is none within five years.
    ///
    /// A time that a clock skips in spring is left out on that day.
    package func next(after date: Date, in zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let start = Date(timeIntervalSince1970: (date.timeIntervalSince1970 / 60).rounded(.down) * 60 + 60)
        var day = calendar.startOfDay(for: start)
        for _ in 0..<(5 * 366) {
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: day)
            if isChosen(parts), let found = firstTime(on: parts, notBefore: start, calendar) { return found }
            // Noon of the next day, whatever the clock does at night.
            guard let next = calendar.date(byAdding: .day, value: 1, to: day) else { return nil }
            day = calendar.startOfDay(for: next)
        }
        return nil
    }

    private func isChosen(_ parts: DateComponents) -> Bool {
        guard let month = parts.month, let day = parts.day, let weekday = parts.weekday,
            months & (1 << UInt64(month)) != 0
        else { return false }
        let isDay = days & (1 << UInt64(day)) != 0
        let isWeekday = weekdays & (1 << UInt64(weekday - 1)) != 0
        if isAnyDay || isAnyWeekday { return isDay && isWeekday }
        return isDay || isWeekday
    }

    private func firstTime(on day: DateComponents, notBefore start: Date, _ calendar: Calendar) -> Date? {
        for hour in 0..<24 where hours & (1 << UInt64(hour)) != 0 {
            for minute in 0..<60 where minutes & (1 << UInt64(minute)) != 0 {
                var parts = DateComponents(year: day.year, month: day.month, day: day.day)
                parts.hour = hour
                parts.minute = minute
                guard let found = calendar.date(from: parts), found >= start else { continue }
                let seen = calendar.dateComponents([.hour, .minute], from: found)
                if seen.hour == hour, seen.minute == minute { return found }
            }
        }
        return nil
    }
}
