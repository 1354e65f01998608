import Testing
import WharfTestSupport

@testable import Database

struct SlowStatementTests {
    @Test func theOnesThatTakeTheMostTimeStay() {
        let slow = SlowStatements(threshold: .milliseconds(100), limit: 3)
        slow.note("SELECT quick", took: .milliseconds(99))
        #expect(slow.top(10).isEmpty)
        for (text, milliseconds) in [("A", 100), ("B", 300), ("A", 400), ("C", 200), ("D", 250)] {
            slow.note("SELECT\n    \(text)", took: .milliseconds(milliseconds))
        }
        #expect(slow.top(10).map(\.text) == ["SELECT A", "SELECT B", "SELECT D"])
        #expect(slow.top(1).first?.count == 2)
        #expect(slow.top(1).first?.longest == .milliseconds(400))
        slow.note(String(repeating: "x", count: 5_000), took: .seconds(9))
        #expect(slow.top(1).first?.text.count == 300)
    }

    /// A statement that is over is known, by its text without values.
    @Test func aStatementThatTookLongIsKnown() async throws {
        try await withTestDatabase { database in
            let time = 0.25
            _ = try await database.query("SELECT pg_sleep(\(time)), \("secret") AS word")
            try await database.withTransaction { _ = try await $0.query("SELECT pg_sleep(\(time)) AS inside") }
            let texts = database.slowStatements.top(10).map(\.text)
            #expect(texts.contains { $0.hasPrefix("SELECT pg_sleep($1), $2") })
            #expect(texts.contains { $0.hasSuffix("AS inside") })
            #expect(!texts.contains { $0.contains("secret") })
        }
    }
}
