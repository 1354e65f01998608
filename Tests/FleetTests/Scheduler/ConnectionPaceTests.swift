import Testing

@testable import Fleet

struct ConnectionPaceTests {
    /// Five thousand who come at one moment, a hundred a second.
    @Test func manyComeOneAfterTheOther() {
        var pace = ConnectionPace(perSecond: 100)
        var random = SystemRandomNumberGenerator()
        var waiting = 5_000
        var admitted: [(at: Duration, count: Int)] = []
        var now = Duration.zero
        while waiting > 0, now < .seconds(100) {
            let count = pace.admit(waiting, at: now, jitter: Double.random(in: 0.8...1.2, using: &random))
            waiting -= count
            admitted.append((now, count))
            now += .milliseconds(50)
        }
        #expect(waiting == 0)
        #expect(now > .seconds(45) && now < .seconds(55), "\(now)")
        for second in 0..<Int(now / .seconds(1)) {
            let within = admitted.filter { $0.at >= .seconds(second) && $0.at < .seconds(second + 1) }
            #expect(within.reduce(0) { $0 + $1.count } <= 141)
        }
    }

    @Test func whatWasNotUsedIsNoBurst() {
        var pace = ConnectionPace(perSecond: 100)
        _ = pace.admit(0, at: .zero, jitter: 1)
        #expect(pace.admit(1_000, at: .seconds(3_600), jitter: 1) == 20)
        #expect(pace.admit(1_000, at: .seconds(3_600), jitter: 1) == 0)
        #expect(pace.admit(1_000, at: .seconds(3_600) + .milliseconds(100), jitter: 1) == 10)
    }

    @Test func aSlowRateStillLetsEverybodyIn() {
        var pace = ConnectionPace(perSecond: 1)
        var count = 0
        for step in 0...200 { count += pace.admit(50, at: .milliseconds(50) * step, jitter: 1) }
        #expect((10...11).contains(count))
    }

    @Test func aServiceThatRefusesEverybodyIsTriedByOne() {
        var pace = ConnectionPace(perSecond: 100, breaker: StartBreaker(limit: 3, first: .seconds(5)))
        #expect(pace.admit(3, at: .zero, jitter: 1) == 1)
        for _ in 0..<3 { pace.failed(at: .seconds(1)) }
        #expect(pace.isHeldBack)
        #expect(pace.admit(1_000, at: .seconds(5), jitter: 1) == 0)
        #expect(pace.admit(1_000, at: .seconds(6), jitter: 1) == 1)
        #expect(pace.admit(1_000, at: .seconds(7), jitter: 1) == 0)
        pace.succeeded()
        #expect(!pace.isHeldBack)
        #expect(pace.admit(1_000, at: .seconds(8), jitter: 1) > 1)
    }
}
