import Foundation
import Testing

@testable import WhatsApp

struct TimingTests {
    let start = Date(timeIntervalSince1970: 1_766_000_000)

    @Test func silenceIsPinged() {
        let state = KeepAliveState(now: start)
        #expect(state.tick(now: start.addingTimeInterval(14)) == .nothing)
        #expect(state.tick(now: start.addingTimeInterval(15)) == .sendPing)
    }

    /// A presence, for one, has no answer: whoever sent nothing else for a while is not taken for dead.
    @Test func whatNeedsNoAnswerIsFollowedByAPing() {
        var state = KeepAliveState(now: start)
        #expect(state.tick(now: start.addingTimeInterval(30)) == .sendPing)
        state.pinged(now: start.addingTimeInterval(30))
        #expect(state.tick(now: start.addingTimeInterval(49)) == .nothing)
        #expect(state.tick(now: start.addingTimeInterval(50)) == .reconnect)
    }

    @Test func anythingReceivedIsLife() {
        var state = KeepAliveState(now: start)
        state.pinged(now: start)
        state.received(now: start.addingTimeInterval(19))
        #expect(state.tick(now: start.addingTimeInterval(25)) == .nothing)
        #expect(state.tick(now: start.addingTimeInterval(40)) == .sendPing)
    }

    @Test func delaysGrowLikeFibonacciWithJitter() {
        var policy = ReconnectPolicy()
        var random = SystemRandomNumberGenerator()
        for nominal in [1.0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 900, 900] {
            let delay = policy.nextDelay(using: &random) / .seconds(1)
            #expect((nominal * 0.899...nominal * 1.101).contains(delay))
        }
        policy.reset()
        #expect(policy.nextDelay(using: &random) < .seconds(1.2))
    }

    @Test func penaltyCountsAsSeveralFailures() {
        var policy = ReconnectPolicy()
        var random = SystemRandomNumberGenerator()
        let delay = policy.nextDelay(penalty: 5, using: &random) / .seconds(1)
        #expect((4.4...5.6).contains(delay))
    }
}
