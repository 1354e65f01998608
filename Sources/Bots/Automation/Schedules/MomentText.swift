import Foundation

/// Times as people write them in front of a text.
enum MomentText {
    /// Reads `10m`, `18:30`, `tomorrow 8:00` (or `besok 8:00`) or `2026-12-01 18:30`, and gives what follows it.
    ///
    /// Nil for anything else, and for what is over or further away than a year.
    static func read(_ text: String, at now: Date, in zone: TimeZone) -> (date: Date, rest: String)? {
        let (first, rest) = split(text[...])
        var found: (date: Date, rest: String)?
        if let duration = DurationText.read(String(first)) {
            found = (now.addingTimeInterval(TimeInterval(duration.components.seconds)), String(rest))
        } else if let time = clock(first) {
            found = next(time, at: now, in: zone).map { ($0, String(rest)) }
        } else if let day = day(first, at: now, in: zone) {
            let (second, last) = split(rest)
            guard let time = clock(second), let date = moment(day, time, in: zone) else { return nil }
            found = (date, String(last))
        }
        guard let found, found.date > now, found.date.timeIntervalSince(now) < 366 * 86_400 else { return nil }
        let bar = found.rest.drop { $0 == "|" || $0.isWhitespace }
        return (found.date, bar.trimmed)
    }

    private static func split(_ text: Substring) -> (first: Substring, rest: Substring) {
        let text = text.drop { $0.isWhitespace }
        let first = text.prefix { !$0.isWhitespace }
        return (first, text[first.endIndex...].drop { $0.isWhitespace })
    }

    /// Minutes since midnight.
    private static func clock(_ word: Substring) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2, let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    /// Today, or tomorrow where that time is over.
    private static func next(_ minutes: Int, at now: Date, in zone: TimeZone) -> Date? {
        let calendar = calendar(zone)
        let today = calendar.dateComponents([.year, .month, .day], from: now)
        guard let date = moment(today, minutes, in: zone) else { return nil }
        return date > now ? date : calendar.date(byAdding: .day, value: 1, to: date)
    }

    private static func day(_ word: Substring, at now: Date, in zone: TimeZone) -> DateComponents? {
        let calendar = calendar(zone)
        switch word.lowercased() {
        case "today": return calendar.dateComponents([.year, .month, .day], from: now)
        case "tomorrow", "besok":
            guard let next = calendar.date(byAdding: .day, value: 1, to: now) else { return nil }
            return calendar.dateComponents([.year, .month, .day], from: next)
        default:
            let parts = word.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].count == 4, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }),
                let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
            else { return nil }
            return DateComponents(year: year, month: month, day: day)
        }
    }

    private static func moment(_ day: DateComponents, _ minutes: Int, in zone: TimeZone) -> Date? {
        var parts = DateComponents(year: day.year, month: day.month, day: day.day)
        (parts.hour, parts.minute) = (minutes / 60, minutes % 60)
        let calendar = calendar(zone)
        return parts.isValidDate(in: calendar) ? calendar.date(from: parts) : nil
    }
}
