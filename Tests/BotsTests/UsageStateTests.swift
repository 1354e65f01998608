import Fleet
import Foundation
import Testing
import WhatsApp

@testable import Bots

struct UsageStateTests {
    private let session = SessionID()

    private func figures(run: UInt64 = 1, received: Int = 0, sent: Int = 0, bytes: Int = 0, seconds: Double = 0)
        -> RunFigures
    {
        var counters = SessionCounters()
        counters.received = received
        counters.sent = sent
        let usage = SessionUsage(bytesIn: bytes, bytesOut: bytes / 2, processorTime: .seconds(seconds))
        return RunFigures(run: run, counters: counters, usage: usage)
    }

    @Test func countsWhatCameSinceTheLastLook() {
        var state = UsageState()
        let first = state.take(figures(received: 3, sent: 1, bytes: 100), of: session, at: .seconds(1))
        #expect(first.messages == 4)
        let next = state.take(figures(received: 5, sent: 1, bytes: 300), of: session, at: .seconds(16))
        #expect(next.received == 2)
        #expect(next.sent == 0)
        #expect(next.bytesIn == 200)
        #expect(next.bytesOut == 100)
    }

    @Test func aNewRunBeginsAtZero() {
        var state = UsageState()
        _ = state.take(figures(received: 100), of: session, at: .seconds(1))
        let second = state.take(figures(run: 2, received: 40), of: session, at: .seconds(16))
        #expect(second.received == 40)
        let third = state.take(figures(run: 2, received: 120), of: session, at: .seconds(31))
        #expect(third.received == 80)
    }

    @Test func theProcessorsShareNeedsItsTime() throws {
        var state = UsageState()
        var time = 0.0
        for step in 0..<80 {
            _ = state.take(figures(seconds: time / 2), of: session, at: .seconds(time))
            if step == 10 { #expect(state.processorPercent(of: session) == nil) }
            time += 15
        }
        let percent = try #require(state.processorPercent(of: session))
        #expect(abs(percent - 50) < 2)
        state.keep(only: [])
        #expect(state.processorPercent(of: session) == nil)
    }

    @Test func memoryIsLaidOnThoseWhoRun() {
        var memory = ProcessMemory()
        let none = memory.shares(of: [:], resident: 1_000)
        #expect(none.isEmpty)
        let (one, two) = (BotID(), BotID())
        let shares = memory.shares(of: [one: 300, two: 100], resident: 5_000)
        #expect(shares.values.reduce(0, +) == 4_000)
        #expect(shares[one] == 2_500)
    }

    @Test(arguments: UsageSpan.allCases)
    func bucketsBeginAtWholeTimes(span: UsageSpan) {
        let beginning = span.resolution.beginning(of: Date(timeIntervalSince1970: 1_800_012_345))
        #expect(beginning.timeIntervalSince1970.truncatingRemainder(dividingBy: Double(span.resolution.seconds)) == 0)
        #expect(ProcessMemory.resident() > 0)
    }
}
