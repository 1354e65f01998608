import Synchronization

/// A transaction under way, for the time of its closure.
package final class Transaction: StatementRunner {
    private let connection: PostgresConnection
    private let timeLimit: Duration
    private let metrics: PoolMetrics
    private let isOpen = Atomic<Bool>(true)

    init(on connection: PostgresConnection, timeLimit: Duration, metrics: PoolMetrics) {
        self.connection = connection
        self.timeLimit = timeLimit
        self.metrics = metrics
    }

    package func run(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        try await measured(statement.text) { () throws(DatabaseError) in
            try await self.connection.run(statement, timeLimit: self.timeLimit)
        }
    }

    package func pipeline(_ statements: [SQL]) async throws(DatabaseError) -> [QueryOutcome] {
        guard !statements.isEmpty else { return [] }
        return try await measured(Database.text(of: statements)) { () throws(DatabaseError) in
            try await self.connection.pipeline(statements, timeLimit: self.timeLimit)
        }
    }

    /// Lets no statement in any more.
    func end() {
        isOpen.store(false, ordering: .releasing)
    }

    private func measured<R: Sendable>(
        _ text: String,
        _ body: () async throws(DatabaseError) -> R
    ) async throws(DatabaseError) -> R {
        do throws(DatabaseError) {
            guard isOpen.load(ordering: .acquiring) else { throw .transactionEnded }
            let start = ContinuousClock.now
            let result = try await body()
            metrics.queried(text, for: .now - start)
            return result
        } catch {
            metrics.failed(error)
            throw error
        }
    }
}

/// How much of what others do at the same time a transaction sees.
package enum TransactionIsolation: Sendable {
    case readCommitted
    case repeatableRead
    /// As if the transactions had run one after the other; wants retries.
    case serializable

    var begin: SQL {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}

/// How often a transaction is run again after a serialisation failure or a deadlock.
package struct TransactionRetries: Sendable, Equatable {
    package static let none = TransactionRetries(limit: 0)
    package static let standard = TransactionRetries(limit: 5)

    let limit: Int
    let firstPause: Duration

    package init(limit: Int, firstPause: Duration = .milliseconds(5)) {
        self.limit = limit
        self.firstPause = firstPause
    }
}
