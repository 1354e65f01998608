import Testing

@testable import MediaTools

@Suite struct FairGateTests {
    @Test func whoWaitsIsToldWhenItsTurnComes() async throws {
        let gate = FairGate(limit: 1, waitingLimit: 4, waitingLimitPerKey: 4)
        let (words, told) = AsyncStream.makeStream(of: String.self)
        let (door, opener) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { () async throws -> Void in
                try await gate.run(for: "a", begun: { told.yield("first begins") }) {
                    for await _ in door { break }
                    _ = told.yield("first ends")
                }
            }
            var heard = words.makeAsyncIterator()
            #expect(await heard.next() == "first begins")
            group.addTask { () async throws -> Void in
                try await gate.run(for: "a", begun: { told.yield("second begins") }) {
                    _ = told.yield("second ends")
                }
            }
            opener.yield()
            #expect(await heard.next() == "first ends")
            #expect(await heard.next() == "second begins")
            #expect(await heard.next() == "second ends")
            try await group.waitForAll()
        }
    }
}
