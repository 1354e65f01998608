import Testing

@testable import Database

struct PatienceTests {
    private let start = ContinuousClock.now

    private func interruption() throws -> Interruption {
        Interruption(wake: try WakeDescriptor())
    }

    @Test func theTimeLimitStopsTheStatementAndThenTheConnection() throws {
        var patience = Patience(interruption: try interruption(), timeLimit: .seconds(10), now: start)
        #expect(patience.verdict(now: start + .seconds(4)) == .wait(.seconds(6)))
        #expect(patience.verdict(now: start + .seconds(10)) == .stop)
        #expect(patience.reason == .timeout)
        #expect(patience.verdict(now: start + .milliseconds(10_030)) == .wait(.milliseconds(70)))
        #expect(patience.verdict(now: start + .milliseconds(10_100)) == .stop)
        #expect(patience.verdict(now: start + .milliseconds(10_150)) == .wait(.milliseconds(50)))
        #expect(patience.reason == .timeout)
        #expect(patience.verdict(now: start + .seconds(14)) == .giveUp)
    }

    @Test func theCallersWishStopsTheStatement() throws {
        let interruption = try interruption()
        var patience = Patience(interruption: interruption, timeLimit: nil, now: start)
        #expect(patience.verdict(now: start + .seconds(100)) == .wait(nil))
        interruption.request()
        #expect(patience.verdict(now: start + .seconds(100)) == .stop)
        #expect(patience.reason == .cancelled)
        #expect(patience.verdict(now: start + .seconds(100)) == .wait(.milliseconds(100)))
    }
}
