import Database
import Testing
import WharfTestSupport

struct PipelineTests {
    private func describe(_ outcomes: [QueryOutcome]) -> [String] {
        outcomes.map { outcome in
            switch outcome {
            case .done(_, let changed): "\(changed)"
            case .failed(let error): "\(error)"
            case .undone: "undone"
            }
        }
    }

    private func withNumbers(_ body: (Database) async throws -> Void) async throws {
        try await withTestDatabase { database in
            try await database.execute("CREATE TABLE numbers (id integer CONSTRAINT numbers_key PRIMARY KEY)")
            try await body(database)
        }
    }

    private func count(_ runner: some StatementRunner) async throws -> Int {
        try #require(try await runner.queryOne("SELECT count(*) AS count FROM numbers")).decode("count")
    }

    @Test func allStatementsAreCarriedOut() async throws {
        try await withNumbers { database in
            #expect(try await database.pipeline([]).isEmpty)
            let statements = (1...1_000).map { "INSERT INTO numbers (id) VALUES (\($0))" as SQL }
            let outcomes = try await database.pipeline(statements + ["SELECT sum(id) AS sum FROM numbers"])
            #expect(outcomes.count == 1_001)
            guard case .done(let rows, _) = outcomes.last else {
                Issue.record("the last statement failed")
                return
            }
            #expect(try rows.first?.decode("sum", as: Int.self) == 500_500)
            #expect(try await count(database) == 1_000)
        }
    }

    @Test(arguments: [0, 1, 2])
    func oneFailureUndoesTheBatch(position: Int) async throws {
        try await withNumbers { database in
            try await database.execute("INSERT INTO numbers (id) VALUES (100)")
            var statements: [SQL] = [
                "INSERT INTO numbers (id) VALUES (\(1))", "INSERT INTO numbers (id) VALUES (\(2))", "SELECT 1",
            ]
            statements[position] = "INSERT INTO numbers (id) VALUES (\(100))"
            // Twice: once being prepared, once prepared.
            for _ in 0..<2 {
                var expected = ["undone", "undone", "undone"]
                expected[position] = "\(DatabaseError.uniqueViolation(constraint: "numbers_key"))"
                #expect(try await describe(database.pipeline(statements)) == expected)
                #expect(try await count(database) == 1)
            }
        }
    }

    @Test func aStatementThatCannotBePreparedFailsTheBatch() async throws {
        try await withNumbers { database in
            let outcomes = try await database.pipeline([
                "INSERT INTO numbers (id) VALUES (\(1))", "SELEKT 1", "SELECT \(2)",
            ])
            #expect(describe(outcomes) == ["undone", "\(DatabaseError.other(sqlState: "42601"))", "undone"])
            #expect(try await count(database) == 0)
            #expect(try await describe(database.pipeline(["SELECT \(2)"])) == ["1"])
        }
    }

    @Test func aConstraintCheckedAtTheEndFailsTheBatch() async throws {
        try await withTestDatabase(configuration: PoolConfiguration(size: 1, acquireTimeLimit: .seconds(20))) {
            database in
            try await database.execute(
                "CREATE TABLE pairs (id integer CONSTRAINT pairs_key UNIQUE DEFERRABLE INITIALLY DEFERRED)"
            )
            await #expect(throws: DatabaseError.uniqueViolation(constraint: "pairs_key")) {
                try await database.pipeline(["INSERT INTO pairs VALUES (\(1))", "INSERT INTO pairs VALUES (\(1))"])
            }
            #expect(try await database.query("SELECT id FROM pairs").isEmpty)
            #expect(try await describe(database.pipeline(["INSERT INTO pairs VALUES (\(2))"])) == ["1"])
        }
    }

    @Test func insideATransactionItIsPartOfIt() async throws {
        try await withNumbers { database in
            try await database.withTransaction { transaction in
                let outcomes = try await transaction.pipeline([
                    "INSERT INTO numbers (id) VALUES (1)", "INSERT INTO numbers (id) VALUES (2)",
                ])
                #expect(describe(outcomes) == ["1", "1"])
                #expect(try await count(database) == 0)
            }
            #expect(try await count(database) == 2)
            await #expect(throws: DatabaseError.transactionAborted) {
                try await database.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO numbers (id) VALUES (3)")
                    _ = try await transaction.pipeline(["INSERT INTO numbers (id) VALUES (1)"])
                }
            }
            #expect(try await count(database) == 2)
        }
    }

    @Test func muchMayGoBothWaysAtOnce() async throws {
        try await withTestDatabase { database in
            let text = String(repeating: "x", count: 100_000)
            let outcomes = try await database.pipeline((0..<200).map { _ in "SELECT \(text) AS text" as SQL })
            for outcome in outcomes {
                guard case .done(let rows, _) = outcome else {
                    Issue.record("a statement failed")
                    return
                }
                #expect(try rows.first?.decode("text", as: String.self) == text)
            }
        }
    }

    @Test func cancellingStopsTheBatch() async throws {
        try await withNumbers { database in
            let started = AsyncStream<Void>.makeStream()
            let task = Task {
                started.continuation.yield()
                return try await database.pipeline([
                    "INSERT INTO numbers (id) VALUES (1)", "SELECT pg_sleep(60)", "SELECT 2",
                ])
            }
            for await _ in started.stream { break }
            task.cancel()
            await #expect(throws: DatabaseError.cancelled) { try await task.value }
            let rows = try await count(database)
            #expect(rows == 0)
        }
    }

    @Test func anUnsendableParameterSendsNothing() async throws {
        try await withNumbers { database in
            await #expect(throws: DatabaseError.unsendableParameter(position: 1)) {
                try await database.pipeline(["INSERT INTO numbers (id) VALUES (1)", "SELECT \("\0")"])
            }
            let rows = try await count(database)
            #expect(rows == 0)
        }
    }
}
