internal import Accounts
internal import Foundation

extension Strings {
    /// A day: "21 Nov 2026".
    func day(_ date: Date) -> String {
        let parts = Self.parts(date)
        return "\(parts.day) \(month(parts.month)) \(parts.year)"
    }

    /// A day and a time, in UTC: "21 Nov 2026, 10:05 UTC".
    func moment(_ date: Date) -> String {
        let parts = Self.parts(date)
        let (hour, minute) = (Self.two(parts.hour), Self.two(parts.minute))
        return "\(parts.day) \(month(parts.month)) \(parts.year), \(hour):\(minute) UTC"
    }

    /// A day and a time in a zone: "21 Nov 2026, 17:05, Asia/Jakarta".
    func moment(_ date: Date, in zone: TimeZone) -> String {
        guard zone.secondsFromGMT(for: date) != 0 || zone.identifier.contains("/") else { return moment(date) }
        let parts = Self.parts(date.addingTimeInterval(TimeInterval(zone.secondsFromGMT(for: date))))
        let (hour, minute) = (Self.two(parts.hour), Self.two(parts.minute))
        return "\(parts.day) \(month(parts.month)) \(parts.year), \(hour):\(minute), \(zone.identifier)"
    }

    /// How long ago, or how long until: "3 minutes ago", "in 5 days".
    func distance(to date: Date, from now: Date) -> String {
        let seconds = date.timeIntervalSince(now)
        let size = Int(min(abs(seconds), 1e9))
        guard size >= 45 else { return self("time.now") }
        let span =
            switch size {
            case ..<(90 * 60): counted("time.minutes", max(1, (size + 30) / 60))
            case ..<(36 * 3_600): counted("time.hours", (size + 1_800) / 3_600)
            default: counted("time.days", (size + 43_200) / 86_400)
            }
        return self(seconds < 0 ? "time.ago" : "time.ahead", ["span": span])
    }

    private func month(_ number: Int) -> String { self("time.month.\(number)") }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private struct Parts {
        let year: Int
        let month: Int
        let day: Int
        let hour: Int
        let minute: Int
    }

    /// The proleptic Gregorian calendar in UTC, by days since 1 March of the year 0.
    private static func parts(_ date: Date) -> Parts {
        let seconds = Int(max(-6e10, min(2.5e11, date.timeIntervalSince1970.rounded(.down))))
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let second = seconds - days * 86_400
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return Parts(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shifted + 2) / 5 + 1,
            hour: second / 3_600,
            minute: second % 3_600 / 60
        )
    }
}
