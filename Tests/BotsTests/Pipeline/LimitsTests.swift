import Foundation
import Synchronization
import Testing
import WharfTestSupport

@testable import Bots

struct LimitsTests {
    @Test func tenAMinuteAndOneWarning() {
        let limits = RateLimitStage()
        let bot = BotID()
        let first = (0..<20).map { limits.take(bot, "ada", limit: 10, at: .seconds($0)) }
        #expect(first.prefix(10).allSatisfy { $0 == .allowed })
        #expect(first[10] == .warned(seconds: 51))
        #expect(first.suffix(9).allSatisfy { $0 == .refused })
        #expect(limits.take(bot, "bob", limit: 10, at: .seconds(20)) == .allowed)
        #expect(limits.take(bot, "ada", limit: 10, at: .seconds(61)) == .allowed)
    }

    @Test func whoNeverStopsIsNotHeard() {
        let limits = RateLimitStage()
        let bot = BotID()
        // Two bots that answer each other: twice a second, for an hour.
        var answers = 0
        for half in 0..<7_200 where limits.take(bot, "other", limit: 10, at: .milliseconds(half * 500)) == .allowed {
            answers += 1
        }
        #expect(answers < 250)
    }

    @Test func queuesAreBoundedAndFair() async throws {
        let executor = CommandExecutor(limits: .init(perBot: 2, waiting: 3, total: 3))
        let gate = AsyncStream.makeStream(of: Void.self)
        let done = Mutex<[String]>([])
        let (busy, other) = (BotID(), BotID())
        let work: @Sendable (String) -> CommandExecutor.Job = { name in
            {
                for await _ in gate.stream { break }
                done.withLock { $0.append(name) }
            }
        }
        let taken = (0..<10).map { executor.submit(for: busy, work("busy \($0)")) }
        #expect(taken.filter { $0 }.count == 5)
        #expect(executor.submit(for: other, work("other")))
        let runner = Task { await executor.run() }
        gate.continuation.finish()
        try await eventually { done.withLock { $0.count } == 6 }
        #expect(executor.load == (0, 0))
        runner.cancel()
        await runner.value
    }
}
