package import Database
import Foundation
package import Logging
package import WhatsApp

/// Opens sessions: takes the lease, unwraps the key, and gives out the store that is good for as long as the lease.
package struct SessionVault: Sendable {
    /// A session that this worker holds.
    package struct Opened: Sendable {
        package let session: SessionID
        /// Nil where no phone has linked it yet, or its secrets have been wiped.
        package let credentials: Credentials?
        package let store: PostgresSessionStore
        let lease: LeaseRepository.Lease
    }

    /// What came of opening many.
    package struct Openings: Sendable {
        package var opened: [Opened] = []
        /// Those whose secrets cannot be opened; their leases have been given back.
        package var failed: [SessionID: FleetError] = [:]
    }

    let sessions: SessionRepository
    let leases: LeaseRepository
    let rows: SessionRows
    let sweep: MessageSweep
    package let writer: CommitWriter

    /// `commits` is the writer's own pool of connections, so that nobody who reads keeps it waiting.
    package init(
        database: Database,
        commits: Database,
        masterKeys: MasterKeyring,
        worker: WorkerID,
        server: String = "main",
        limits: CommitWriter.Limits = CommitWriter.Limits(),
        logger: Logger
    ) {
        sessions = SessionRepository(database: database, masterKeys: masterKeys, server: server)
        leases = LeaseRepository(database: database, worker: worker)
        rows = SessionRows(database: database)
        sweep = MessageSweep(database: database, server: server)
        writer = CommitWriter(database: commits, worker: worker, limits: limits, logger: logger)
    }

    /// Tells everybody that this worker lives; without it nothing can be opened.
    package func announce() async throws {
        try await leases.announce()
    }

    /// Makes a session; its name must be free.
    package func create(_ name: String, credentials: Credentials? = nil) async throws -> StoredSession {
        guard SessionName.isValid(name) else { throw FleetError.invalidName }
        return try await sessions.create(name, credentials: credentials)
    }

    /// What seals other values that belong to a session, such as its bot's secrets.
    package func seal(of id: SessionID) async throws -> SessionSeal {
        SessionSeal(session: id, key: try await sessions.key(of: id))
    }

    /// Opens those that nobody else holds; the others are left out.
    package func open(_ ids: [SessionID]) async throws -> Openings {
        let taken = try await leases.take(ids)
        let found = try await sessions.open(taken.map(\.session))
        var openings = Openings()
        for lease in taken {
            switch found[lease.session] {
            case .success(let opening):
                let store = PostgresSessionStore(
                    session: lease.session,
                    epoch: lease.epoch,
                    key: opening.key,
                    rows: rows,
                    writer: writer,
                    untoldEvents: opening.untoldEvents
                )
                openings.opened.append(
                    Opened(session: lease.session, credentials: opening.credentials, store: store, lease: lease)
                )
            case .failure(let error): openings.failed[lease.session] = error
            // It was deleted meanwhile.
            case nil: openings.failed[lease.session] = .unknownSession
            }
        }
        let useless = taken.filter { openings.failed[$0.session] != nil }
        if !useless.isEmpty { try await leases.release(useless) }
        return openings
    }
}

/// The names that sessions may have.
enum SessionName {
    static func isValid(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "@"), UInt8(ascii: "+"):
                    true
                default: false
                }
            }
    }
}
