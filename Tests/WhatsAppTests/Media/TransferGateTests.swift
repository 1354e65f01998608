import Synchronization
import Testing
import WhatsApp

@Suite(.timeLimit(.minutes(3)))
struct TransferGateTests {
    @Test func noMoreRunThanAllowed() async throws {
        let gate = TransferGate(limit: 3)
        let counts = RunCounter()
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await gate.run { () async throws(MediaError) in
                        counts.begin()
                        await Task.yield()
                        counts.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect((1...3).contains(counts.most))
        #expect(counts.now == 0)
    }

    @Test func waitingCanBeCancelledAndGivesItsPlaceAway() async throws {
        let gate = TransferGate(limit: 1)
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let (inside, isInside) = AsyncStream<Void>.makeStream()
        let first = Task {
            try await gate.run { () async throws(MediaError) in
                isInside.yield()
                for await _ in stream {}
            }
        }
        var arrivals = inside.makeAsyncIterator()
        await arrivals.next()
        let second = Task { try await gate.run { () async throws(MediaError) in } }
        second.cancel()
        await #expect(throws: MediaError.cancelled) { try await second.value }
        continuation.finish()
        try await first.value
        try await gate.run { () async throws(MediaError) in }
    }

    @Test func queueHasAnEnd() async throws {
        let gate = TransferGate(limit: 1, queueLimit: 0)
        try await gate.run { () async throws(MediaError) in
            do throws(MediaError) {
                try await gate.run { () async throws(MediaError) in }
                Issue.record("was let in")
            } catch {
                #expect(error == .overloaded(limit: 0))
            }
        }
    }
}

/// How many run, and how many ever ran at once.
private final class RunCounter: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var now: Int { state.withLock { $0.now } }
    var most: Int { state.withLock { $0.most } }

    func begin() {
        state.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func end() {
        state.withLock { $0.now -= 1 }
    }
}
