import Logging
import Synchronization

/// A bounded number of connections, lent to one caller at a time.
final class ConnectionPool: Sendable {
    typealias State = PoolState<PostgresConnection>

    /// What a caller got.
    private enum Grant: Sendable {
        case use(PostgresConnection)
        /// A place for which the caller opens a connection.
        case open
    }

    private typealias Waiting = CheckedContinuation<Result<Grant, DatabaseError>, Never>

    private struct Shared {
        var state: State
        var waiting: [State.WaiterID: Waiting] = [:]
        var draining: [State.WaiterID: CheckedContinuation<Void, Never>] = [:]
        var nextID: State.WaiterID = 0

        mutating func makeID() -> State.WaiterID {
            defer { nextID += 1 }
            return nextID
        }
    }

    let configuration: PoolConfiguration
    let metrics: PoolMetrics
    private let server: ConnectionString
    private let logger: Logger
    private let shared: Mutex<Shared>

    init(server: ConnectionString, configuration: PoolConfiguration, metrics: PoolMetrics, logger: Logger) {
        self.server = server
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        shared = Mutex(Shared(state: State(size: configuration.size, waiterLimit: configuration.waiterLimit)))
    }

    /// Lends a connection that stands; the caller gives it back with ``release(_:)``.
    ///
    /// An idle connection that died is replaced here, before anything was sent over it.
    ///
    /// - Throws: `poolExhausted`, `unreachable`, `cancelled` or `closed`.
    func lease() async throws(DatabaseError) -> PostgresConnection {
        let deadline = ContinuousClock.now + configuration.acquireTimeLimit
        if case .use(let connection) = try await grant(until: deadline) {
            if connection.isAlive { return connection }
            await connection.close()
            logger.debug("An idle database connection was closed by the server")
        }
        do throws(DatabaseError) {
            let connection = try await open(until: deadline)
            metrics.opened()
            return connection
        } catch {
            change { $0.giveUpPlace() }
            throw error
        }
    }

    /// Takes a connection back, and drops it if it is not in the condition in which it was lent.
    func release(_ connection: PostgresConnection) {
        if connection.isReusable {
            change { $0.giveBack(connection) }
        } else {
            change { $0.giveUpPlace() }
        }
    }

    /// Lets nobody in any more, and waits until everything lent has come back or the caller is cancelled.
    func close() async {
        let (idle, waiting) = shared.withLock { shared in
            let (idle, waiters) = shared.state.close()
            metrics.report(shared.state)
            return (idle, waiters.compactMap { shared.waiting.removeValue(forKey: $0) })
        }
        for continuation in waiting { continuation.resume(returning: .failure(.closed)) }
        for connection in idle { await connection.close() }
        await drained()
    }

    // MARK: Waiting

    private func grant(until deadline: ContinuousClock.Instant) async throws(DatabaseError) -> Grant {
        let answer = shared.withLock { shared in
            defer { metrics.report(shared.state) }
            return shared.state.request()
        }
        switch answer {
        case .use(let connection): return .use(connection)
        case .open: return .open
        case .refuse(let error): throw error
        case .mustWait: return try await waitForGrant(until: deadline)
        }
    }

    private func waitForGrant(until deadline: ContinuousClock.Instant) async throws(DatabaseError) -> Grant {
        let start = ContinuousClock.now
        let id = shared.withLock { $0.makeID() }
        let outcome = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await Task.sleep(until: deadline)
                    self.abandon(id, because: .poolExhausted)
                } catch {
                    // Served in time, or the caller was cancelled, which has a handler of its own.
                }
            }
            defer { group.cancelAll() }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { self.enqueue(id, $0) }
            } onCancel: {
                self.abandon(id, because: .cancelled)
            }
        }
        metrics.waited(for: .now - start)
        return try outcome.get()
    }

    private func enqueue(_ id: State.WaiterID, _ continuation: Waiting) {
        let answer: Result<Grant, DatabaseError>? = shared.withLock { shared in
            defer { metrics.report(shared.state) }
            // Whoever was cancelled before this point found nothing to abandon.
            if Task.isCancelled { return .failure(.cancelled) }
            switch shared.state.request() {
            case .use(let connection): return .success(.use(connection))
            case .open: return .success(.open)
            case .refuse(let error): return .failure(error)
            case .mustWait:
                shared.state.enqueue(id)
                shared.waiting[id] = continuation
                return nil
            }
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func abandon(_ id: State.WaiterID, because reason: DatabaseError) {
        let continuation: Waiting? = shared.withLock { shared in
            guard shared.state.abandon(id) else { return nil }
            metrics.report(shared.state)
            return shared.waiting.removeValue(forKey: id)
        }
        continuation?.resume(returning: .failure(reason))
    }

    /// Changes the state and tells whoever is served by it.
    private func change(_ decide: (inout State) -> State.Handover) {
        let (served, drained) = shared.withLock { shared in
            let handover = decide(&shared.state)
            metrics.report(shared.state)
            var served: (Waiting, Grant)?
            switch handover {
            case .nobody: break
            case .give(let connection, let id):
                served = shared.waiting.removeValue(forKey: id).map { ($0, .use(connection)) }
            case .open(let id):
                served = shared.waiting.removeValue(forKey: id).map { ($0, .open) }
            }
            guard shared.state.isDrained else { return (served, [CheckedContinuation<Void, Never>]()) }
            defer { shared.draining = [:] }
            return (served, Array(shared.draining.values))
        }
        if let (continuation, grant) = served { continuation.resume(returning: .success(grant)) }
        for continuation in drained { continuation.resume() }
    }

    private func drained() async {
        let id = shared.withLock { $0.makeID() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = shared.withLock { shared in
                    if shared.state.isDrained || Task.isCancelled { return true }
                    shared.draining[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            shared.withLock { $0.draining.removeValue(forKey: id) }?.resume()
        }
    }

    // MARK: Opening

    /// Opens a connection that is not one of the pool's, for whoever keeps it for long; the caller closes it.
    func openAside() async throws(DatabaseError) -> PostgresConnection {
        try await open(until: .now + configuration.acquireTimeLimit)
    }

    /// Opens a connection, trying again while the server restarts.
    private func open(until deadline: ContinuousClock.Instant) async throws(DatabaseError) -> PostgresConnection {
        var backOff = BackOff(first: .milliseconds(20), limit: .milliseconds(500))
        let session = SessionSettings(
            statementTimeLimit: configuration.statementTimeLimit,
            planning: configuration.planning
        )
        while true {
            let remaining = max(deadline - .now, .milliseconds(50))
            do throws(DatabaseError) {
                return try await PostgresConnection.open(server, session: session, timeLimit: remaining)
            } catch {
                let pause = backOff.next()
                guard error.mayPassSoon, .now + pause < deadline else { throw error }
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    throw .cancelled
                }
            }
        }
    }
}

extension DatabaseError {
    /// Whether a server that could not be reached may be there in a moment: it restarts, recovers or is full.
    fileprivate var mayPassSoon: Bool {
        guard case .unreachable(let state) = self else { return false }
        return [nil, "57P01", "57P02", "57P03", "53300"].contains(state)
    }
}
