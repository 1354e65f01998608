import Database

/// The right to hold sessions: one worker each, with an epoch that rises at every taking.
struct LeaseRepository: Sendable {
    /// A session that this worker holds.
    struct Lease: Sendable, Equatable {
        let session: SessionID
        let epoch: Int64
    }

    private let database: Database
    let worker: WorkerID
    private let lifetime: Duration

    /// A worker that gives no sign of life for `lifetime` has lost its sessions to whoever wants them.
    init(database: Database, worker: WorkerID, lifetime: Duration = .seconds(30)) {
        self.database = database
        self.worker = worker
        self.lifetime = lifetime
    }

    /// Tells everybody that this worker lives.
    func announce() async throws {
        try await database.execute(
            """
            INSERT INTO workers (id, alive_until)
            VALUES (\(worker), now() + make_interval(secs => \(lifetime / .seconds(1))))
            ON CONFLICT (id) DO UPDATE SET alive_until = EXCLUDED.alive_until
            """
        )
    }

    /// Takes what can be had of these sessions; those of a living other worker are left out.
    func take(_ sessions: [SessionID]) async throws -> [Lease] {
        var wanted = SQLColumn<SessionID.RawValue>()
        for session in sessions { wanted.append(session.rawValue) }
        let rows = try await database.query(
            "SELECT taken, taken_epoch FROM take_session_leases(\(worker), \(wanted))"
        )
        return try rows.map { Lease(session: try $0.decode("taken"), epoch: try $0.decode("taken_epoch")) }
    }

    /// Renews everything with one sign of life, and returns those of these leases that have gone to somebody else.
    func renew(_ leases: [Lease]) async throws -> [SessionID] {
        try await announce()
        let (ids, epochs) = Self.columns(leases)
        let rows = try await database.query(
            """
            SELECT claim.session_id
            FROM unnest(\(ids), \(epochs)) AS claim (session_id, epoch)
            LEFT JOIN session_leases AS lease
                ON lease.session_id = claim.session_id AND lease.epoch = claim.epoch AND lease.worker = \(worker)
            WHERE lease.session_id IS NULL
            """
        )
        return try rows.map { try $0.decode("session_id") }
    }

    /// Gives leases back, so that anybody may take the sessions at once.
    func release(_ leases: [Lease]) async throws {
        let (ids, epochs) = Self.columns(leases)
        try await database.execute(
            """
            UPDATE session_leases AS lease SET worker = NULL
            FROM unnest(\(ids), \(epochs)) AS held (session_id, epoch)
            WHERE lease.session_id = held.session_id AND lease.epoch = held.epoch AND lease.worker = \(worker)
            """
        )
    }

    private static func columns(_ leases: [Lease]) -> (SQLColumn<SessionID.RawValue>, SQLColumn<Int64>) {
        var ids = SQLColumn<SessionID.RawValue>()
        var epochs = SQLColumn<Int64>()
        for lease in leases {
            ids.append(lease.session.rawValue)
            epochs.append(lease.epoch)
        }
        return (ids, epochs)
    }
}
