import Foundation
import Testing

@testable import Bots

struct BotScheduleTests {
    private func date(_ text: String) throws -> Date {
        try Date(text, strategy: .iso8601)
    }

    @Test(arguments: [
        // A Friday; UTC+7.
        ("2026-11-20T01:59:00Z", false), ("2026-11-20T02:00:00Z", true), ("2026-11-20T09:59:00Z", true),
        ("2026-11-20T10:00:00Z", false),
        // Saturday is not chosen.
        ("2026-11-21T05:00:00Z", false),
    ])
    func opensOnItsDays(at time: String, isOpen: Bool) throws {
        let schedule = try BotSchedule(zone: "Asia/Jakarta", start: 9 * 60, stop: 17 * 60, days: 0b001_1111)
        #expect(schedule.isOpen(at: try date(time)) == isOpen)
    }

    @Test(arguments: [
        ("2026-11-20T21:59:00Z", false), ("2026-11-20T22:00:00Z", true),
        // Past midnight it is still Friday's.
        ("2026-11-21T05:59:00Z", true), ("2026-11-21T06:00:00Z", false), ("2026-11-21T22:30:00Z", false),
        ("2026-11-20T03:00:00Z", false),
    ])
    func goesOverMidnight(at time: String, isOpen: Bool) throws {
        let friday = 1 << 4
        let schedule = try BotSchedule(zone: "UTC", start: 22 * 60, stop: 6 * 60, days: friday)
        #expect(schedule.isOpen(at: try date(time)) == isOpen)
    }

    @Test(arguments: [
        ("Mars/Olympus", 0, 60, 127), ("UTC", -1, 60, 127), ("UTC", 0, 1_440, 127), ("UTC", 60, 60, 127),
        ("UTC", 0, 60, 0), ("UTC", 0, 60, 128),
    ])
    func nonsenseIsRefused(zone: String, start: Int, stop: Int, days: Int) {
        #expect(throws: HostingError.invalidSchedule) {
            try BotSchedule(zone: zone, start: start, stop: stop, days: days)
        }
    }
}
