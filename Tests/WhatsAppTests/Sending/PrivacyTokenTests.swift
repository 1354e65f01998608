import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

struct PrivacyTokenTests {
    private func rules(_ values: [String: String]) -> PrivacyTokenRules {
        let properties = values.map { BinaryNode("prop", ["config_code": .text($0), "config_value": .text($1)]) }
        return PrivacyTokenRules(properties: BinaryNode("props", children: properties))
    }

    private func date(_ seconds: UInt64) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }

    private func token(_ time: UInt64, issued: UInt64 = 0) -> PrivacyToken {
        var token = PrivacyToken()
        (token.token, token.timestamp, token.issuedAt) = ([1], time, issued)
        return token
    }

    @Test func fourWeeksCountUnlessTheServiceSaysOtherwise() {
        let week: UInt64 = 604_800
        let usual = PrivacyTokenRules()
        #expect(token(10 * week).isValid(at: date(13 * week + 5), usual))
        #expect(!token(10 * week).isValid(at: date(14 * week), usual))
        let days = rules(["865": "86400", "909": "2", "996": "3600", "1": "x"])
        #expect(token(10 * 86_400).isValid(at: date(11 * 86_400 + 5), days))
        #expect(!token(10 * 86_400).isValid(at: date(12 * 86_400), days))
        #expect(!token(0, issued: 7_200).isIssueDue(at: date(10_799), days))
        #expect(token(0, issued: 7_200).isIssueDue(at: date(10_800), days))
        #expect(!token(0, issued: 7_200).isIssueDue(at: date(10_800), usual))
    }

    @Test func senselessValuesAreTakenAsTheNearestThatMakeSense() throws {
        let odd = rules(["865": "0", "909": "0", "996": "99999999999"])
        #expect((odd.bucket, odd.buckets, odd.ownBucket) == (1, 1, 15_552_000))
        #expect(rules(["865": "-5", "909": "many"]) == PrivacyTokenRules())
        #expect(PrivacyTokenRules(encoded: odd.encoded()) == odd)
        #expect(PrivacyTokenRules(encoded: [0, 1, 1]) == nil)
        #expect(PrivacyTokenRules(encoded: []) == nil)
    }
}
