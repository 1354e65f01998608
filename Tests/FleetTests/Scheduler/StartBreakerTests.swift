import Foundation
import Testing
import WhatsApp

@testable import Fleet

struct StartBreakerTests {
    @Test func failuresInARowHoldStartsBackAndOneSuccessLetsThemGo() {
        var breaker = StartBreaker(limit: 3, first: .seconds(5), longest: .seconds(12))
        breaker.failed(at: .zero)
        breaker.failed(at: .zero)
        breaker.succeeded()
        for _ in 0..<2 { breaker.failed(at: .zero) }
        #expect(breaker.allowance(at: .zero) == .all)
        breaker.failed(at: .zero)
        #expect(breaker.allowance(at: .seconds(4)) == .none)
        #expect(breaker.allowance(at: .seconds(5)) == .one)
        #expect(breaker.allowance(at: .seconds(6)) == .none)
        // The one that was let through fails: twice the wait.
        breaker.failed(at: .seconds(6))
        #expect(breaker.allowance(at: .seconds(15)) == .none)
        #expect(breaker.allowance(at: .seconds(16)) == .one)
        breaker.failed(at: .seconds(16))
        #expect(breaker.allowance(at: .seconds(27)) == .none)
        #expect(breaker.allowance(at: .seconds(28)) == .one)
        // It says nothing: after a while another may try.
        #expect(breaker.allowance(at: .seconds(89)) == .one)
        breaker.succeeded()
        #expect(breaker.allowance(at: .seconds(90)) == .all)
        #expect(!breaker.isOpen)
    }

    @Test func healthFallsWithTroubleAndRecovers() {
        var health = SessionHealth()
        var counters = SessionCounters()
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        counters.received = 100
        health.note(counters, at: start)
        #expect(health.score == 100)
        counters.disconnects = 2
        counters.decryptFailures = 10
        counters.pendingRetries = 5
        counters.acknowledged = 1
        counters.acknowledgementTime = .seconds(2)
        health.note(counters, at: start)
        // 20 for the disconnects, 27 for a failure in eleven, 10 for the wait, 5 for what is asked for again.
        #expect(health.score == 38)
        counters.pendingRetries = 0
        health.note(counters, at: start.addingTimeInterval(6 * 3_600))
        #expect(health.score > 60)
        // A new run starts at zero.
        health.note(SessionCounters(), at: start.addingTimeInterval(12 * 3_600))
        #expect(health.score > 60)
    }
}
