import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

struct KeyAllowancesTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func person(_ number: Int) -> JID { JID(user: "1555\(1_000_000 + number)", server: .user) }

    @Test func aSenderHasSoManyKeysAndMoreWithTime() {
        var allowances = KeyAllowances()
        let sender = person(1)
        for _ in 0..<KeyAllowances.perSender { #expect(allowances.refusal(for: sender, at: start) == nil) }
        let first = allowances.refusal(for: sender, at: start)
        #expect(first == .init(reason: .sender, limit: KeyAllowances.perSender, isFirst: true))
        #expect(allowances.refusal(for: sender, at: start)?.isFirst == false)
        #expect(allowances.refusal(for: person(2), at: start) == nil)
        // A sixteenth of an hour brings one.
        let later = start.addingTimeInterval(3_600 / Double(KeyAllowances.perSender) + 1)
        #expect(allowances.refusal(for: sender, at: later) == nil)
        #expect(allowances.refusal(for: sender, at: later)?.reason == .sender)
        let hours = start.addingTimeInterval(7_200)
        for _ in 0..<KeyAllowances.perSender { #expect(allowances.refusal(for: sender, at: hours) == nil) }
        #expect(allowances.refusal(for: sender, at: hours)?.isFirst == true)
    }

    @Test func allSendersTogetherHaveNoMoreThanTheSession() {
        var allowances = KeyAllowances()
        var given = 0
        for number in 0..<5_000 where allowances.refusal(for: person(number), at: start) == nil { given += 1 }
        #expect(given == KeyAllowances.perSession)
        #expect(allowances.refusal(for: person(9_999), at: start)?.reason == .session)
    }

    @Test func aClockThatGoesBackGivesNothing() {
        var allowances = KeyAllowances()
        for _ in 0..<KeyAllowances.perSender { _ = allowances.refusal(for: person(1), at: start) }
        #expect(allowances.refusal(for: person(1), at: start.addingTimeInterval(-9_999)) != nil)
    }
}
