import Database
import Synchronization
import Testing
import WharfTestSupport

struct TransactionTests {
    private struct Stop: Error, Equatable {}

    private func count(_ database: Database) async throws -> Int {
        try #require(try await database.queryOne("SELECT count(*) AS count FROM numbers")).decode("count")
    }

    private func withNumbers(_ body: @Sendable (Database) async throws -> Void) async throws {
        try await withTestDatabase { database throws in
            try await database.execute(
                "CREATE TABLE numbers (id integer PRIMARY KEY, value integer NOT NULL DEFAULT 0)"
            )
            try await body(database)
        }
    }

    @Test func returningCommits() async throws {
        try await withNumbers { database throws in
            let value = try await database.withTransaction { transaction throws in
                try await transaction.execute("INSERT INTO numbers (id) VALUES (\(1))")
                #expect(try await count(database) == 0)
                return "done"
            }
            #expect(value == "done")
            #expect(try await count(database) == 1)
        }
    }

    @Test func throwingRollsBack() async throws {
        try await withNumbers { database throws in
            await #expect(throws: Stop.self) {
                try await database.withTransaction { transaction throws in
                    try await transaction.execute("INSERT INTO numbers (id) VALUES (1)")
                    throw Stop()
                }
            }
            #expect(try await count(database) == 0)
        }
    }

    @Test func aSwallowedErrorDoesNotCommit() async throws {
        try await withNumbers { database throws in
            await #expect(throws: DatabaseError.transactionAborted) {
                try await database.withTransaction { transaction throws in
                    try await transaction.execute("INSERT INTO numbers (id) VALUES (1)")
                    _ = try? await transaction.execute("INSERT INTO numbers (id) VALUES (1)")
                }
            }
            #expect(try await count(database) == 0)
            try await database.ping()
        }
    }

    @Test func cancellingRollsBack() async throws {
        try await withNumbers { database throws in
            let inside = AsyncStream<Void>.makeStream()
            let task = Task {
                try await database.withTransaction { transaction throws in
                    try await transaction.execute("INSERT INTO numbers (id) VALUES (1)")
                    inside.continuation.yield()
                    try await transaction.execute("SELECT pg_sleep(60)")
                }
            }
            for await _ in inside.stream { break }
            task.cancel()
            await #expect(throws: DatabaseError.cancelled) { try await task.value }
            #expect(try await count(database) == 0)
            try await database.execute("INSERT INTO numbers (id) VALUES (1)")
        }
    }

    @Test func nothingWorksAfterTheEnd() async throws {
        try await withNumbers { database throws in
            let escaped = try await database.withTransaction { $0 }
            await #expect(throws: DatabaseError.transactionEnded) { try await escaped.execute("SELECT 1") }
            await #expect(throws: DatabaseError.transactionEnded) { try await escaped.pipeline(["SELECT 1"]) }
        }
    }

    @Test func theActorOfTheCallerIsKept() async throws {
        try await withNumbers { database throws in
            let counter = Counter()
            try await counter.work(database)
            #expect(await counter.rows == 1)
        }
    }

    @Test func aLostConnectionFailsTheTransaction() async throws {
        try await withNumbers { database throws in
            await #expect(throws: DatabaseError.connectionLost) {
                try await database.withTransaction { transaction throws in
                    try await transaction.execute("INSERT INTO numbers (id) VALUES (1)")
                    try await transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(try await count(database) == 0)
        }
    }

    @Test func serialisationFailuresAreTriedAgain() async throws {
        try await withNumbers { database throws in
            try await database.execute("INSERT INTO numbers (id) VALUES (1)")
            let runs = RunCount()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await database.withTransaction(
                            isolation: .serializable,
                            retries: TransactionRetries(limit: 50)
                        ) { transaction throws in
                            runs.add()
                            let row = try #require(
                                try await transaction.queryOne("SELECT value FROM numbers WHERE id = 1")
                            )
                            let value = try row.decode("value", as: Int.self)
                            try await transaction.execute("SELECT pg_sleep(0.01)")
                            try await transaction.execute("UPDATE numbers SET value = \(value + 1) WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let row = try #require(try await database.queryOne("SELECT value FROM numbers WHERE id = 1"))
            #expect(try row.decode("value", as: Int.self) == 4)
            #expect(runs.value > 4)
        }
    }

    @Test func retriesAreBounded() async throws {
        try await withNumbers { database throws in
            let runs = RunCount()
            await #expect(throws: DatabaseError.serialisationFailure) {
                try await database.withTransaction(retries: TransactionRetries(limit: 2)) { transaction throws in
                    runs.add()
                    try await transaction.execute("DO $$ BEGIN RAISE serialization_failure; END $$")
                }
            }
            #expect(runs.value == 3)
        }
    }

    @Test func deadlocksAreTriedAgain() async throws {
        try await withNumbers { database throws in
            try await database.execute("INSERT INTO numbers (id) VALUES (1), (2)")
            let meeting = Meeting()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await database.withTransaction(retries: .standard) { transaction throws in
                            try await transaction.execute("UPDATE numbers SET value = value + 1 WHERE id = \(first)")
                            await meeting.arrive()
                            try await transaction.execute("UPDATE numbers SET value = value + 1 WHERE id = \(second)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let values = try await database.query("SELECT value FROM numbers").map {
                try $0.decode("value", as: Int.self)
            }
            #expect(values == [2, 2])
        }
    }

    private final class RunCount: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add() { count.add(1, ordering: .relaxed) }
    }

    private actor Counter {
        private(set) var rows = 0

        func work(_ database: Database) async throws {
            try await database.withTransaction { transaction in
                rows = try await transaction.execute("INSERT INTO numbers (id) VALUES (1)")
            }
        }
    }

    /// Lets two go on once both are there; whoever comes later passes.
    private actor Meeting {
        private var arrived = 0
        private var waiting: CheckedContinuation<Void, Never>?

        func arrive() async {
            arrived += 1
            if arrived == 1 {
                await withCheckedContinuation { waiting = $0 }
            } else {
                waiting?.resume()
                waiting = nil
            }
        }
    }
}
