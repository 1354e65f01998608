import Foundation
import Testing

@testable import Bots

struct CronExpressionTests {
    private func date(_ text: String, _ zone: String = "UTC") throws -> Date {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: zone)
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return try #require(formatter.date(from: text))
    }

    @Test(
        arguments: [
            ("* * * * *", "2026-03-01 10:00", "2026-03-01 10:01"),
            ("0 8 * * mon-fri", "2026-11-20 09:00", "2026-11-23 08:00"),
            ("*/15 * * * *", "2026-03-01 10:59", "2026-03-01 11:00"),
            ("30 6 1 jan *", "2026-03-01 00:00", "2027-01-01 06:30"),
            ("0 0 29 2 *", "2026-03-01 00:00", "2028-02-29 00:00"),
            ("0 0 13 * 5", "2026-11-01 00:00", "2026-11-06 00:00"),
            ("0 12 * * 7", "2026-11-21 00:00", "2026-11-22 12:00"),
        ]
    )
    func next(_ cron: String, _ from: String, _ expected: String) throws {
        let expression = try #require(CronExpression(cron))
        #expect(expression.next(after: try date(from), in: .gmt) == (try date(expected)))
    }

    @Test func zonesAndClocksThatAreChanged() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        let early = try #require(CronExpression("30 2 * * *"))
        // 2:30 does not exist on 29 March 2026 there.
        let next = early.next(after: try date("2026-03-28 12:00"), in: berlin)
        #expect(next == (try date("2026-03-30 02:30", "Europe/Berlin")))
        let never = try #require(CronExpression("0 0 31 feb *"))
        #expect(never.next(after: Date(), in: berlin) == nil)
    }

    @Test(arguments: [
        "", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "*/0 * * * *", "5-1 * * * *", "a * * * *",
        "1,,2 * * * *",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(CronExpression(text) == nil)
    }
}
