import Database
import Glibc
import Logging
import Synchronization
import Testing
import WharfTestSupport

struct PoolTests {
    private func backend(_ runner: some StatementRunner) async throws -> Int {
        try #require(try await runner.queryOne("SELECT pg_backend_pid() AS pid")).decode("pid")
    }

    /// Waits until the statement with this mark is being carried out.
    private func waitUntilRunning(_ mark: String, _ database: Database) async throws {
        try await eventually {
            try await database.query(
                "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE \("%\(mark)%")"
            ).count == 1
        }
    }

    @Test func aConnectionIsUsedAgain() async throws {
        try await withTestDatabase { database in
            let first = try await backend(database)
            #expect(try await backend(database) == first)
            let name = try await database.queryOne(
                "SELECT current_setting('application_name') AS name, current_user AS role"
            )
            #expect(try name?.decode("name", as: String.self) == "wharf")
            #expect(try name?.decode("role", as: String.self) == "wharf")
        }
    }

    @Test func theUserOfThePoolIsNoSuperuser() async throws {
        try await withTestDatabase { database in
            let row = try #require(
                try await database.queryOne(
                    """
                    SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS mighty
                    FROM pg_roles WHERE rolname = current_user
                    """
                )
            )
            #expect(try row.decode("mighty", as: Bool.self) == false)
            await #expect(throws: DatabaseError.other(sqlState: "42501")) {
                try await database.execute("COPY (SELECT 1) TO PROGRAM 'true'")
            }
        }
    }

    @Test func manyCallersShareFewConnections() async throws {
        try await withTestDatabase { database in
            let backends = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await backend(database) } }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect((1...4).contains(backends.count))
        }
    }

    @Test func waitingForAConnectionIsBounded() async throws {
        let configuration = PoolConfiguration(size: 1, waiterLimit: 1, acquireTimeLimit: .milliseconds(200))
        try await withTestDatabase(configuration: configuration) { database in
            try await database.withTransaction { _ in
                _ = await #expect(throws: DatabaseError.poolExhausted) { try await database.ping() }
            }
            try await database.ping()
        }
    }

    @Test func tooManyWaitersAreTurnedAwayAtOnce() async throws {
        let configuration = PoolConfiguration(size: 1, waiterLimit: 0, acquireTimeLimit: .seconds(60))
        try await withTestDatabase(configuration: configuration) { database in
            let start = ContinuousClock.now
            try await database.withTransaction { _ in
                _ = await #expect(throws: DatabaseError.poolExhausted) { try await database.ping() }
            }
            #expect(.now - start < .seconds(30))
        }
    }

    @Test func aWaitingCallerCanBeCancelled() async throws {
        try await withTestDatabase(configuration: PoolConfiguration(size: 1, acquireTimeLimit: .seconds(60))) {
            database in
            try await database.withTransaction { transaction in
                let waiting = Task { try await database.ping() }
                try await transaction.execute("SELECT pg_sleep(0.05)")
                waiting.cancel()
                await #expect(throws: DatabaseError.cancelled) { try await waiting.value }
            }
            try await database.ping()
        }
    }

    @Test func cancellingStopsTheStatementOnTheServer() async throws {
        try await withTestDatabase { database in
            let running = Task { try await database.execute("SELECT pg_sleep(60) /* cancelled */") }
            try await waitUntilRunning("cancelled", database)
            running.cancel()
            await #expect(throws: DatabaseError.cancelled) { try await running.value }
            #expect(
                try await database.query(
                    "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%cancelled */%' AND pid <> pg_backend_pid()"
                ).isEmpty
            )
        }
    }

    @Test func aCancelledConnectionServesTheNextStatement() async throws {
        try await withTestDatabase(configuration: PoolConfiguration(size: 1, acquireTimeLimit: .seconds(20))) {
            database in
            let first = try await backend(database)
            for _ in 0..<20 {
                let running = Task { try await database.execute("SELECT pg_sleep(60)") }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...5)))
                running.cancel()
                await #expect(throws: DatabaseError.cancelled) { try await running.value }
                #expect(try await backend(database) == first)
            }
        }
    }

    @Test func anAlreadyCancelledCallerSendsNothing() async throws {
        try await withTestDatabase { database in
            try await database.execute("CREATE TABLE marks (mark integer)")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await database.execute("INSERT INTO marks VALUES (1)")
            }
            await #expect(throws: DatabaseError.cancelled) { try await task.value }
            #expect(try await database.query("SELECT mark FROM marks").isEmpty)
        }
    }

    @Test func aStatementThatTakesTooLongIsStopped() async throws {
        let configuration = PoolConfiguration(
            size: 1,
            acquireTimeLimit: .seconds(20),
            statementTimeLimit: .milliseconds(300)
        )
        try await withTestDatabase(configuration: configuration) { database in
            let first = try await backend(database)
            let start = ContinuousClock.now
            await #expect(throws: DatabaseError.timeout) { try await database.execute("SELECT pg_sleep(60)") }
            #expect(.now - start < .seconds(20))
            #expect(try await backend(database) == first)
        }
    }

    @Test func aServerThatDoesNotAnswerAtAllIsGivenUp() async throws {
        let configuration = PoolConfiguration(
            size: 1,
            acquireTimeLimit: .seconds(20),
            statementTimeLimit: .milliseconds(300)
        )
        try await withTestDatabase(configuration: configuration) { database in
            let first = try await backend(database)
            kill(pid_t(first), SIGSTOP)
            // It takes the statement and ignores the request to stop it.
            await #expect(throws: DatabaseError.timeout) { try await database.ping() }
            #expect(try await backend(database) != first)
            kill(pid_t(first), SIGCONT)
        }
    }

    @Test func aDeadIdleConnectionIsReplacedUnnoticed() async throws {
        let test = try await TestDatabase.make()
        let other = Database(server: test.connectionString, logger: Logger(label: "tests"))
        let first = try await backend(test.database)
        try await other.execute("SELECT pg_terminate_backend(\(Int32(first)))")
        try await eventually {
            try await other.query("SELECT 1 FROM pg_stat_activity WHERE pid = \(Int32(first))").isEmpty
        }
        #expect(try await backend(test.database) != first)
        await other.close()
        try await test.drop()
    }

    @Test func aStatementOnABrokenConnectionIsLostAndNotRepeated() async throws {
        try await withTestDatabase { database in
            try await database.execute("CREATE SEQUENCE runs")
            let running = Task { try await database.execute("SELECT nextval('runs'), pg_sleep(60) /* lost */") }
            try await waitUntilRunning("lost", database)
            try await database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%/* lost */%' AND pid <> pg_backend_pid()"
            )
            await #expect(throws: DatabaseError.connectionLost) { try await running.value }
            let row = try #require(try await database.queryOne("SELECT last_value FROM runs"))
            #expect(try row.decode("last_value", as: Int.self) == 1)
        }
    }

    @Test func aSessionLeftInATransactionIsNotGivenToOthers() async throws {
        try await withTestDatabase(configuration: PoolConfiguration(size: 1, acquireTimeLimit: .seconds(20))) {
            database in
            let first = try await backend(database)
            try await database.execute("BEGIN")
            #expect(try await backend(database) != first)
        }
    }

    @Test func copyIsRefusedAndCostsOneConnection() async throws {
        try await withTestDatabase { database in
            await #expect(throws: DatabaseError.other(sqlState: "0A000")) {
                try await database.execute("COPY (SELECT 1) TO STDOUT")
            }
            try await database.ping()
        }
    }

    @Test func aPreparedStatementSurvivesAChangeOfTheSchema() async throws {
        try await withTestDatabase(configuration: PoolConfiguration(size: 1, acquireTimeLimit: .seconds(20))) {
            database in
            try await database.execute("CREATE TABLE things (number integer)")
            try await database.execute("INSERT INTO things VALUES (1)")
            let read: SQL = "SELECT * FROM things"
            #expect(try await database.query(read).count == 1)
            try await database.execute("ALTER TABLE things ALTER number TYPE bigint, ADD name text")
            let row = try #require(try await database.queryOne(read))
            #expect(try row.decode("number", as: Int64.self) == 1)
            #expect(try row.decodeIfPresent("name", as: String.self) == nil)
        }
    }

    @Test func waitingStatementsHoldUpNobody() async throws {
        try await withTestDatabase(configuration: PoolConfiguration(size: 16, acquireTimeLimit: .seconds(20))) {
            database in
            await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await database.execute("SELECT pg_sleep(60)") }
                }
                // With a blocked thread for each statement there would be none left to come back to.
                for _ in 0..<1_000 { await Task.yield() }
                group.cancelAll()
                while let result = await group.nextResult() {
                    #expect(throws: DatabaseError.cancelled) { try result.get() }
                }
            }
        }
    }

    @Test func aClosedPoolFinishesWhatItBegan() async throws {
        let test = try await TestDatabase.make()
        let started = AsyncStream<Void>.makeStream()
        let running = Task {
            try await test.database.withTransaction { transaction in
                started.continuation.yield()
                try await transaction.execute("SELECT pg_sleep(0.2)")
                return try await backend(transaction)
            }
        }
        for await _ in started.stream { break }
        await test.database.close()
        #expect(try await running.value > 0)
        await #expect(throws: DatabaseError.closed) { try await test.database.ping() }
        try await test.drop()
    }

    @Test func anUnreachableServerIsATypedError() async throws {
        let server = try ConnectionString(parsing: "host=/nonexistent dbname=x")
        let database = Database(
            server: server,
            configuration: PoolConfiguration(acquireTimeLimit: .milliseconds(100)),
            logger: Logger(label: "tests")
        )
        await #expect(throws: DatabaseError.unreachable(sqlState: nil)) { try await database.ping() }
    }

    @Test func aRefusalNamesItsState() async throws {
        let test = try await TestDatabase.make()
        let name = try #require(DatabaseName("missing"))
        let database = Database(server: test.connectionString.selecting(name), logger: Logger(label: "tests"))
        await #expect(throws: DatabaseError.unreachable(sqlState: "3D000")) { try await database.ping() }
        try await test.drop()
    }
}
