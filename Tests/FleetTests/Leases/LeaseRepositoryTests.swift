import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp

@testable import Fleet

struct LeaseRepositoryTests {
    @Test func aLivingWorkersSessionIsNotTaken() async throws {
        try await withTestDatabase { database in
            let first = try await StoreWorld(database, worker: WorkerID(rawValue: 1))
            let second = try await StoreWorld(database, worker: WorkerID(rawValue: 2))
            let session = try await first.makeSession()
            #expect(try await first.leases.take([session]).map(\.epoch) == [1])
            #expect(try await second.leases.take([session]).isEmpty)
            // The holder itself, for example after its restart, has it at once.
            #expect(try await first.leases.take([session]).map(\.epoch) == [2])
        }
    }

    @Test func aSilentWorkersSessionIsTakenAndItLearnsOfIt() async throws {
        try await withTestDatabase { database in
            let first = try await StoreWorld(database, worker: WorkerID(rawValue: 1))
            let second = try await StoreWorld(database, worker: WorkerID(rawValue: 2))
            let sessions = [try await first.makeSession("a"), try await first.makeSession("b")]
            let leases = try await first.leases.take(sessions)
            #expect(try await first.leases.renew(leases).isEmpty)
            try await database.execute("UPDATE workers SET alive_until = now() - interval '1 s' WHERE id = 1")
            #expect(try await second.leases.take([sessions[0]]).map(\.epoch) == [2])
            #expect(try await first.leases.renew(leases) == [sessions[0]])
        }
    }

    @Test func aReleasedSessionIsFree() async throws {
        try await withTestDatabase { database in
            let first = try await StoreWorld(database, worker: WorkerID(rawValue: 1))
            let second = try await StoreWorld(database, worker: WorkerID(rawValue: 2))
            let session = try await first.makeSession()
            let old = try await first.leases.take([session])
            try await first.leases.release(old)
            let taken = try await second.leases.take([session])
            #expect(taken.map(\.epoch) == [2])
            // What the first one knew is void: it cannot give away what is the other's now.
            try await first.leases.release(old)
            #expect(try await second.leases.renew(taken).isEmpty)
        }
    }

    @Test func aTakerWaitsForWhatTheHolderIsWriting() async throws {
        try await withTestDatabase { database in
            let first = try await StoreWorld(database, worker: WorkerID(rawValue: 1))
            let second = try await StoreWorld(database, worker: WorkerID(rawValue: 2))
            let session = try await first.makeSession()
            _ = try await first.leases.take([session])
            try await database.execute("UPDATE workers SET alive_until = now() - interval '1 s' WHERE id = 1")
            var ids = SQLColumn<UUID>()
            ids.append(session.rawValue)
            var epochs = SQLColumn<Int64>()
            epochs.append(1)
            let (held, claims) = (ids, epochs)
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await database.withTransaction { transaction in
                    try await transaction.execute("SELECT require_session_leases(1, \(held), \(claims))")
                    group.addTask { _ = try await second.leases.take([session]) }
                    try await eventually {
                        let row = try await database.queryOne(
                            "SELECT count(*) AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                        )
                        return try row?.decode("count") == 1
                    }
                }
                try await group.waitForAll()
            }
            await #expect(throws: DatabaseError.other(sqlState: "WL001")) {
                try await database.execute("SELECT require_session_leases(1, \(held), \(claims))")
            }
        }
    }
}
