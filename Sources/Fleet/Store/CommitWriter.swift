package import Database
package import Logging
import Metrics
import ServiceLifecycle
import Synchronization
import WhatsApp

/// Writes the batches of all sessions of this process, many in one transaction.
///
/// While one transaction is under way the next one gathers. Everything of a transaction becomes durable together; the batches
/// of a session stay in their order, because there is one transaction at a time. When the connection breaks, the same
/// transaction is sent again until ``Limits/patience`` is over, which changes nothing if it had got through.
package final class CommitWriter: Sendable {
    package struct Limits: Sendable {
        /// In one transaction.
        package var batches = 512
        package var bytes = 8 << 20
        /// How long a transaction waits to fill while much is going on.
        package var gathering = Duration.milliseconds(10)
        /// How long a batch may wait for a database that cannot be reached.
        package var patience = Duration.seconds(30)
        /// What may wait in memory before sessions are held up: each that has something waiting, until that is under way.
        package var waitingBytes = 64 << 20
        /// A further batch of a session that does not let itself be held up fails.
        package var mostBytes = 512 << 20

        package init() {}
    }

    final class Entry: Sendable {
        let store: PostgresSessionStore
        let ticket: PostgresSessionStore.Ticket
        let batch: StoreBatch
        let size: Int
        let submittedAt: ContinuousClock.Instant
        let whenDone: @Sendable (Result<CommitReceipt, StoreError>) -> Void

        init(
            store: PostgresSessionStore,
            ticket: PostgresSessionStore.Ticket,
            batch: StoreBatch,
            whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void
        ) {
            self.store = store
            self.ticket = ticket
            self.batch = batch
            self.whenDone = whenDone
            size = batch.size
            submittedAt = .now
        }

        func end(_ result: Result<CommitReceipt, StoreError>) {
            if case .failure(let error) = result {
                store.settled(ticket, failure: error)
            } else {
                store.settled(ticket)
            }
            whenDone(result)
        }
    }

    private struct Queue {
        var entries: [Entry] = []
        var bytes = 0
        /// How many of the entries are whose.
        var counts: [SessionID: Int] = [:]
        /// Sessions that are held up.
        var waiters: [(session: SessionID, continuation: CheckedContinuation<Void, Never>)] = []
        var isClosed = false

        func hasRoom(for session: SessionID, _ limits: Limits) -> Bool {
            isClosed || bytes < limits.waitingBytes || counts[session] == nil
        }

        mutating func append(_ entry: Entry) {
            entries.append(entry)
            bytes += entry.size
            counts[entry.store.session, default: 0] += 1
        }

        /// The first so many.
        mutating func removeFirst(_ count: Int) -> [Entry] {
            let taken = Array(entries.prefix(count))
            if count < entries.count { entries.removeFirst(count) } else { entries = [] }
            for entry in taken {
                bytes -= entry.size
                let left = counts[entry.store.session, default: 1] - 1
                counts[entry.store.session] = left > 0 ? left : nil
            }
            return taken
        }

        /// Those who need not wait any more.
        mutating func admitted(_ limits: Limits) -> [CheckedContinuation<Void, Never>] {
            guard !waiters.isEmpty else { return [] }
            let ready = waiters.filter { hasRoom(for: $0.session, limits) }
            waiters = waiters.filter { !hasRoom(for: $0.session, limits) }
            return ready.map(\.continuation)
        }
    }

    private let queue = Mutex(Queue())
    private let wakeUps = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let database: Database
    private let worker: WorkerID
    private let limits: Limits
    private let logger: Logger
    private let metrics = CommitMetrics()

    /// The database is best a pool of its own, so that nobody takes the writer's connection from it.
    package init(database: Database, worker: WorkerID, limits: Limits = Limits(), logger: Logger) {
        self.database = database
        self.worker = worker
        self.limits = limits
        self.logger = logger
    }

    func submit(_ entry: Entry) {
        let refusal: StoreError? = queue.withLock { queue in
            guard !queue.isClosed else { return .closed }
            guard queue.bytes < limits.mostBytes || queue.counts[entry.store.session] == nil else {
                return .unavailable
            }
            queue.append(entry)
            return nil
        }
        guard let refusal else {
            wakeUps.continuation.yield()
            return
        }
        entry.end(.failure(refusal))
    }

    /// Whether a session may bring more: nothing of it waits, or not too much waits altogether.
    func hasRoom(for session: SessionID) -> Bool {
        queue.withLock { $0.hasRoom(for: session, limits) }
    }

    func waitForRoom(for session: SessionID) async {
        await withCheckedContinuation { continuation in
            let hasRoom = queue.withLock { queue in
                let hasRoom = queue.hasRoom(for: session, limits)
                if !hasRoom { queue.waiters.append((session, continuation)) }
                return hasRoom
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// The next transaction's batches, in the order in which they came.
    private func take() -> [Entry] {
        let (taken, admitted) = queue.withLock { queue in
            var count = 0
            var bytes = 0
            while count < min(queue.entries.count, limits.batches), bytes < limits.bytes {
                bytes += queue.entries[count].size
                count += 1
            }
            return (queue.removeFirst(count), queue.admitted(limits))
        }
        for continuation in admitted { continuation.resume() }
        return taken
    }

    private var isFull: Bool {
        queue.withLock { $0.entries.count >= limits.batches || $0.bytes >= limits.bytes }
    }
}

extension CommitWriter: Service {
    /// Writes until it is asked to stop; then what waits is written and nothing more is taken.
    package func run() async throws {
        var lastCount = 0
        for await _ in wakeUps.stream.cancelOnGracefulShutdown() {
            lastCount = await writeAll(after: lastCount)
        }
        queue.withLock { $0.isClosed = true }
        _ = await writeAll(after: 0)
    }

    private func writeAll(after lastCount: Int) async -> Int {
        var lastCount = lastCount
        while true {
            // Where little is going on nobody is made to wait; where much is, larger transactions cost less.
            if lastCount >= 4, !isFull { try? await Task.sleep(for: limits.gathering, tolerance: .zero) }
            let entries = take()
            guard !entries.isEmpty else { return 0 }
            await write(entries)
            lastCount = entries.count
        }
    }

    private func write(_ entries: [Entry]) async {
        var sound: [Entry] = []
        sound.reserveCapacity(entries.count)
        for entry in entries {
            if let failure = entry.store.failure { entry.end(.failure(failure)) } else { sound.append(entry) }
        }
        guard !sound.isEmpty else { return }
        let start = ContinuousClock.now
        await write(transaction: sound)
        metrics.wrote(sound.count, in: .now - start)
    }

    private func write(transaction entries: [Entry]) async {
        let transaction = CommitTransaction(entries)
        do throws(DatabaseError) {
            let receipts = try await send(transaction, deadline: entries[0].submittedAt + limits.patience)
            for (entry, receipt) in zip(entries, receipts) { entry.end(.success(receipt)) }
        } catch {
            switch error {
            case .other(sqlState: CommitTransaction.leaseLost):
                await writeWithoutStale(entries, transaction)
            case .cancelled, .closed:
                for entry in entries { entry.end(.failure(.closed)) }
            default:
                await writeOneByOne(entries, error)
            }
        }
    }

    private func send(_ transaction: CommitTransaction, deadline: ContinuousClock.Instant) async throws(DatabaseError)
        -> [CommitReceipt]
    {
        var pause = Duration.milliseconds(20)
        while true {
            do throws(DatabaseError) {
                return try await transaction.run(on: database, worker: worker)
            } catch {
                guard error.mayPass, .now + pause < deadline else { throw error }
                metrics.retried()
                logger.debug("A transaction is sent again", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
            guard !Task.isCancelled else { throw .cancelled }
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Refuses the sessions that somebody else holds, and writes the others.
    private func writeWithoutStale(_ entries: [Entry], _ transaction: CommitTransaction) async {
        let stale: Set<CommitTransaction.Claim>
        do {
            stale = try await transaction.staleClaims(in: database, worker: worker)
        } catch {
            for entry in entries { entry.end(.failure(.unavailable)) }
            return
        }
        var rest: [Entry] = []
        for entry in entries {
            if stale.contains(CommitTransaction.Claim(session: entry.store.session, epoch: entry.store.epoch)) {
                entry.end(.failure(.leaseLost))
            } else {
                rest.append(entry)
            }
        }
        logger.info("Sessions are held by another worker", metadata: ["sessions": "\(stale.count)"])
        // Nothing stale is left over when the lease came back in between; each round but that refuses at least one.
        if !rest.isEmpty { await write(transaction: rest) }
    }

    /// Finds the session whose batch the database refuses, so that it fails alone.
    private func writeOneByOne(_ entries: [Entry], _ error: DatabaseError) async {
        let sessions = Set(entries.map(\.store.session))
        guard sessions.count > 1, !error.mayPass else {
            logger.error(
                "Sessions could not be stored",
                metadata: ["error": "\(error)", "sessions": "\(sessions.count)"]
            )
            for entry in entries { entry.end(.failure(.unavailable)) }
            return
        }
        for session in sessions {
            await write(transaction: entries.filter { $0.store.session == session })
        }
    }
}

/// How the writer does.
private struct CommitMetrics {
    private let batches = Counter(label: "session.store.batches")
    private let transactions = Timer(label: "session.store.commit.duration")
    private let retries = Counter(label: "session.store.retries")

    func wrote(_ count: Int, in time: Duration) {
        batches.increment(by: count)
        transactions.record(duration: time)
    }

    func retried() { retries.increment() }
}
