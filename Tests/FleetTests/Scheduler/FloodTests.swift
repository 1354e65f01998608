import Database
import Foundation
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// Live sessions on PostgreSQL, one of which is written to more than can be stored.
@Suite(.timeLimit(.minutes(3)))
struct FloodTests {
    /// What one session is flooded with waits at the service, not in memory; another does not wait for all of it.
    @Test func aFloodOfLargeTextsIsHeldUpAndAnotherSessionIsHeardInBetween() async throws {
        try await SchedulerWorld.run { world in
            let (ada, cleo, bob) = (SchedulerWorld.number, "15550003333", "15550002222")
            try await world.sandbox.createPhone(NewPhone(number: cleo, name: "Cleo"))
            try await world.sandbox.createPhone(NewPhone(number: bob, name: "Bob"))
            var commitLimits = CommitWriter.Limits()
            commitLimits.waitingBytes = 200_000
            commitLimits.bytes = 100_000
            var sessionLimits = SessionLimits()
            sessionLimits.inboxBytes = 200_000
            sessionLimits.batchBytes = 100_000
            sessionLimits.commitBytes = 200_000
            let texts = (0..<100).map { "\($0) " + String(repeating: "x", count: 40_000) }
            let listener = TextsBySession()
            try await world.whileScheduling(
                listeners: [listener],
                commitLimits: commitLimits,
                sessionLimits: sessionLimits
            ) { scheduler in
                let flooded = try await world.link(scheduler, "flooded")
                let modest = try await world.link(scheduler, "modest", with: cleo)
                try await world.database.withTransaction { transaction in
                    try await transaction.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
                    for text in texts { try await world.sandbox.act(.text(text), at: bob, in: ada) }
                    // As long as something moves, it has not been held up yet.
                    var seen: [Int] = []
                    try await eventually {
                        seen.append(try await scheduler.counters(of: flooded)?.received ?? 0)
                        return seen.count > 40 && Set(seen.suffix(40)).count == 1 && seen[seen.count - 1] > 2
                    }
                    try await world.sandbox.act(.text("small"), at: bob, in: cleo)
                    // Two limits' worth of 40 KB each, and what was begun: far from all.
                    #expect(try await scheduler.counters(of: flooded)?.received ?? 0 < 40)
                    #expect(listener.texts(of: flooded).isEmpty && listener.texts(of: modest).isEmpty)
                }
                try await eventually { listener.texts(of: modest) == ["small"] }
                try await eventually { listener.texts(of: flooded).count == texts.count }
                #expect(listener.texts(of: flooded) == texts)
                #expect(try #require(listener.place(of: "small")) < texts.count)
                #expect(try await world.count("messages") == texts.count + 1)
                #expect(try await scheduler.state(of: flooded).status == .working)
            }
        }
    }
}

/// Keeps the texts of all sessions in the order in which they are heard.
private final class TextsBySession: SessionListener {
    let name = "texts"
    private let heard = Mutex<[(session: SessionID, text: String)]>([])

    func texts(of session: SessionID) -> [String] {
        heard.withLock { $0.filter { $0.session == session }.map(\.text) }
    }

    func place(of text: String) -> Int? { heard.withLock { $0.firstIndex { $0.text == text } } }

    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        guard case .message(let message) = event, let text = message.message.plainText else { return }
        heard.withLock { $0.append((session.id, text)) }
    }
}
