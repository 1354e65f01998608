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
        #expect(patience.verdict(now: start + .seconds(11)) == .wait(.seconds(1)))
        #expect(patience.verdict(now: start + .seconds(12)) == .giveUp)
    }

    @Test func theCallersWishStopsTheStatementOnce() throws {
        let interruption = try interruption()
        var patience = Patience(interruption: interruption, timeLimit: nil, now: start)
        #expect(patience.verdict(now: start + .seconds(100)) == .wait(nil))
        interruption.request()
        #expect(patience.verdict(now: start + .seconds(100)) == .stop)
        #expect(patience.reason == .cancelled)
        #expect(patience.verdict(now: start + .seconds(100)) == .wait(.seconds(2)))
    }
}
