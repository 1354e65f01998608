import Database
import Foundation
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp

@testable import Fleet

struct CommitWriterTests {
    /// Results in the order in which they were told.
    private final class Outcomes: Sendable {
        private let list = Mutex<[(Int, Result<CommitReceipt, StoreError>)]>([])

        func note(_ number: Int) -> @Sendable (Result<CommitReceipt, StoreError>) -> Void {
            { result in self.list.withLock { $0.append((number, result)) } }
        }

        var numbers: [Int] { list.withLock { $0.map(\.0) } }
        var failures: [StoreError?] {
            list.withLock { list in
                list.map { if case .failure(let error) = $0.1 { error } else { nil } }
            }
        }
    }

    @Test func batchesOfASessionKeepTheirOrder() async throws {
        try await StoreWorld.run { world in
            let stores = [try await world.makeStore("one"), try await world.makeStore("two")]
            let outcomes = [Outcomes(), Outcomes()]
            for number in 0..<500 {
                for (store, outcome) in zip(stores, outcomes) {
                    let batch = StoreBatch.of { batch in
                        batch.put(.setting, "last", withUnsafeBytes(of: number) { Array($0) })
                        batch.messages = [.test("\(number)")]
                    }
                    store.commit(batch, whenDone: outcome.note(number))
                }
            }
            // What is on its way is read back before it is durable.
            let last = withUnsafeBytes(of: 499) { Array($0) }
            for store in stores { #expect(try await store.load(.setting, "last") == last) }
            for (store, outcome) in zip(stores, outcomes) {
                await store.settle()
                try await eventually { outcome.numbers.count == 500 }
                #expect(outcome.numbers == Array(0..<500))
                #expect(outcome.failures.allSatisfy { $0 == nil })
                #expect(try await store.load(.setting, "last") == last)
            }
            let count: Int = try #require(
                try await world.database.queryOne("SELECT count(*) AS count FROM messages")
            ).decode("count")
            #expect(count == 1_000)
        }
    }

    @Test func aStaleLeaseRefusesItsSessionAlone() async throws {
        try await StoreWorld.run { world in
            let session = try await world.makeSession()
            let stale = try await world.open(session)
            let sound = try await world.makeStore("two")
            let fresh = try await world.open(session)
            #expect(fresh.epoch == stale.epoch + 1)

            async let first = sound.commit(.of { $0.put(.setting, "a", [1]) })
            async let second = fresh.commit(.of { $0.put(.setting, "a", [2]) })
            let refused = Outcomes()
            stale.commit(.of { $0.put(.setting, "a", [3]) }, whenDone: refused.note(0))
            stale.commit(.of { $0.put(.setting, "b", [3]) }, whenDone: refused.note(1))
            _ = try await (first, second)
            await stale.settle()
            try await eventually { refused.numbers == [0, 1] }
            #expect(refused.failures == [.leaseLost, .leaseLost])
            #expect(try await fresh.load([RecordKey(.setting, "a"), RecordKey(.setting, "b")]).values.first == [2])
        }
    }

    @Test func afterAFailureNothingMoreIsWritten() async throws {
        try await StoreWorld.run { world in
            let session = try await world.makeSession()
            let stale = try await world.open(session)
            _ = try await world.open(session)
            await #expect(throws: StoreError.leaseLost) {
                try await stale.commit(.of { $0.put(.setting, "a", [1]) })
            }
            // Even when the lease were good again.
            try await world.database.execute("UPDATE session_leases SET epoch = \(stale.epoch)")
            await #expect(throws: StoreError.leaseLost) {
                try await stale.commit(.of { $0.put(.setting, "b", [1]) })
            }
            let anew = try await world.open(session)
            _ = try await anew.commit(.of { $0.put(.setting, "c", [1]) })
            #expect(try await anew.list(.setting, prefix: "", after: nil, limit: 9).map(\.name) == ["c"])
        }
    }

    @Test func aBatchThatTheDatabaseRefusesFailsAlone() async throws {
        try await StoreWorld.run { world in
            let bad = try await world.makeStore("bad")
            let good = try await world.makeStore("good")
            try await world.database.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION USING ERRCODE = ''22000''; END'
                """
            )
            try await world.database.execute(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON session_records FOR EACH ROW
                WHEN (NEW.name = 'bad') EXECUTE FUNCTION refuse()
                """
            )
            let outcomes = Outcomes()
            for number in 0..<20 {
                bad.commit(.of { $0.put(.setting, "bad", [1]) }, whenDone: outcomes.note(number))
                _ = try await good.commit(.of { $0.put(.setting, "good", [UInt8(number)]) })
            }
            await bad.settle()
            try await eventually { outcomes.numbers.count == 20 }
            #expect(outcomes.failures.allSatisfy { $0 == .unavailable })
            #expect(try await good.load(.setting, "good") == [19])
        }
    }

    @Test func aKilledConnectionLosesAndDoublesNothing() async throws {
        var limits = CommitWriter.Limits()
        limits.patience = .seconds(60)
        try await StoreWorld.run(limits: limits) { world in
            let store = try await world.makeStore()
            let outcomes = Outcomes()
            for number in 0..<300 {
                store.commit(.of { $0.messages = [.test("\(number)")] }, whenDone: outcomes.note(number))
                if number % 30 == 0 {
                    // The time before may have ended the connection that this one is sent through.
                    _ = try? await world.database.execute(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """
                    )
                }
            }
            await store.settle()
            try await eventually { outcomes.numbers.count == 300 }
            #expect(outcomes.failures.allSatisfy { $0 == nil })
            var count: Int?
            try await eventually {
                count = try? await world.database.queryOne("SELECT count(*) AS count FROM messages")?.decode("count")
                return count != nil
            }
            #expect(count == 300)
        }
    }

    /// Whoever brings much waits until it is written; nobody else is concerned, and nothing fails.
    @Test func whoBringsMuchIsHeldUpAndNobodyElse() async throws {
        var limits = CommitWriter.Limits()
        limits.waitingBytes = 100_000
        limits.mostBytes = 1_000_000
        limits.bytes = 50_000
        try await StoreWorld.run(limits: limits) { world in
            let (greedy, modest) = (try await world.makeStore("greedy"), try await world.makeStore("modest"))
            let outcomes = [Outcomes(), Outcomes()]
            try await world.database.withTransaction { transaction in
                // What is handed over from here on waits.
                try await transaction.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
                var count = 0
                while greedy.hasRoom, count < 100 {
                    let message = StoredMessage.test("\(count)", text: String(repeating: "x", count: 40_000))
                    greedy.commit(.of { $0.messages = [message] }, whenDone: outcomes[0].note(count))
                    count += 1
                }
                #expect((3...5).contains(count))
                #expect(modest.hasRoom)
                modest.commit(.of { $0.messages = [.test("small")] }, whenDone: outcomes[1].note(0))
                // One that does not let itself be held up is taken for a while yet.
                for number in count..<60 {
                    let message = StoredMessage.test("\(number)", text: String(repeating: "x", count: 40_000))
                    greedy.commit(.of { $0.messages = [message] }, whenDone: outcomes[0].note(number))
                }
                #expect(outcomes[0].failures.allSatisfy { $0 == .unavailable } && !outcomes[0].failures.isEmpty)
                #expect(outcomes[1].numbers.isEmpty)
            }
            await greedy.waitForRoom()
            #expect(greedy.hasRoom)
            await modest.settle()
            try await eventually { outcomes[1].numbers == [0] }
            #expect(outcomes[1].failures == [nil])
        }
    }

    @Test func withoutADatabaseABatchFailsInTime() async throws {
        let database = Database(
            server: try ConnectionString(parsing: "postgres://nobody@127.0.0.1:1/none"),
            configuration: PoolConfiguration(size: 2, acquireTimeLimit: .milliseconds(100)),
            logger: StoreWorld.silence
        )
        var limits = CommitWriter.Limits()
        limits.patience = .milliseconds(200)
        let writer = CommitWriter(
            database: database,
            worker: WorkerID(rawValue: 1),
            limits: limits,
            logger: StoreWorld.silence
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await writer.run() }
            let store = PostgresSessionStore(
                session: SessionID(),
                epoch: 1,
                key: .random(),
                rows: SessionRows(database: database, patience: .milliseconds(100)),
                writer: writer
            )
            await #expect(throws: StoreError.unavailable) {
                try await store.commit(.of { $0.put(.setting, "a", [1]) })
            }
            await #expect(throws: StoreError.unavailable) { try await store.load(.setting, "b") }
            group.cancelAll()
        }
        await database.close()
    }

    @Test func aWriterThatHasStoppedTakesNothing() async throws {
        try await withTestDatabase { database in
            let world = try await StoreWorld(database)
            let store = try await world.makeStore()
            try await world.whileWriting { _ = try await store.commit(.of { $0.put(.setting, "a", [1]) }) }
            await #expect(throws: StoreError.closed) { try await store.commit(.of { $0.put(.setting, "b", [1]) }) }
        }
    }
}
