import Glibc
import Synchronization

/// One connection to the server, on a thread of its own.
///
/// Every method that talks to the server waits on that thread, so it holds up nobody else. Statements are carried out one
/// after the other. A connection that broke stays broken.
actor PostgresConnection {
    nonisolated let executor: ThreadExecutor
    nonisolated let wake: WakeDescriptor
    nonisolated private let condition = Atomic<Condition>(.clean)
    nonisolated private let socket = Atomic<Int32>(-1)

    var handle: PostgresHandle?
    var cache = StatementCache()

    private enum Condition: UInt8, AtomicRepresentable {
        /// Nothing is under way: the next one may use it.
        case clean
        case inTransaction
        case broken
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init() throws(DatabaseError) {
        executor = ThreadExecutor(name: "postgres")
        wake = try WakeDescriptor()
    }

    /// Connects within the time limit; cancelling the caller ends the attempt.
    ///
    /// - Throws: ``DatabaseError/unreachable(sqlState:)`` or `cancelled`.
    static func open(
        _ target: ConnectionString,
        session: SessionSettings,
        timeLimit: Duration
    ) async throws(DatabaseError) -> PostgresConnection {
        let connection = try PostgresConnection()
        try await connection.interruptible { interruption throws(DatabaseError) in
            try await connection.connect(target, session, Patience(interruption: interruption, timeLimit: timeLimit))
        }
        return connection
    }

    /// Runs something that listens to an ``Interruption``, and requests it when the calling task is cancelled.
    nonisolated func interruptible<R: Sendable>(
        _ body: @Sendable (Interruption) async throws(DatabaseError) -> R
    ) async throws(DatabaseError) -> R {
        let interruption = Interruption(wake: wake)
        let outcome: Result<R, DatabaseError> = await withTaskCancellationHandler {
            do throws(DatabaseError) {
                return .success(try await body(interruption))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            interruption.request()
        }
        return try outcome.get()
    }

    /// Whether somebody else may use the connection next.
    nonisolated var isReusable: Bool { condition.load(ordering: .acquiring) == .clean }

    /// Whether an idle connection still stands, found out without sending anything.
    ///
    /// On a healthy connection there is nothing to read, which one system call tells from any thread. What a server says unasked
    /// is nearly always that it ends the connection; for a rare other message a new connection costs little.
    nonisolated var isAlive: Bool {
        var descriptors = PollDescriptors(
            wake: -1,
            socket: socket.load(ordering: .acquiring),
            events: POLLIN
        )
        return isReusable && !descriptors.poll(for: .zero)
    }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool { handle?.isInTransaction == true }

    /// Closes the connection, leaving a transaction to the server to undo.
    func close() {
        handle = nil
        condition.store(.broken, ordering: .releasing)
    }

    /// Notes in what condition a statement left the connection.
    func noteCondition() {
        guard let handle, !handle.isBroken else {
            condition.store(.broken, ordering: .releasing)
            return
        }
        condition.store(handle.isIdle ? .clean : .inTransaction, ordering: .releasing)
    }

    private func connect(
        _ target: ConnectionString,
        _ session: SessionSettings,
        _ patience: Patience
    ) throws(DatabaseError) {
        let handle = try PostgresHandle(connectingTo: target, wake: wake, patience: patience)
        var patience = patience
        do throws(DatabaseError) {
            try handle.send(script: session.script)
            while let result = try handle.nextResult(&patience) {
                try result.requireSuccess()
            }
        } catch {
            throw error == .connectionLost ? .unreachable(sqlState: nil) : error
        }
        self.handle = handle
        socket.store(handle.socket, ordering: .releasing)
        noteCondition()
    }
}

/// What every session is told right after connecting.
struct SessionSettings: Sendable, Equatable {
    /// The server's own limit, a little longer than ours: it ends what a killed Wharf has left running.
    var statementTimeLimit: Duration?
    var planning = PoolConfiguration.Planning.free

    var script: String {
        let limit = statementTimeLimit.map { ($0 + Patience.gracePeriod) / .milliseconds(1) } ?? 0
        return """
            SET statement_timeout = \(Int32(clamping: Int64(limit)));
            SET idle_in_transaction_session_timeout = 60000;
            SET TimeZone = 'UTC'
            """ + planningScript
    }

    private var planningScript: String {
        switch planning {
        case .free: ""
        case .byIndex: "; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"
        }
    }
}
