package import CoreMetrics
package import Logging
import ServiceLifecycle

/// A database: a pool of connections, opened when they are needed.
///
/// Statements wait on threads of their own, never on the caller's. Cancelling a task stops its statement on the server too.
/// After a restart of the server the pool heals by itself: dead idle connections are replaced before they are used. A
/// statement that was under way throws ``DatabaseError/connectionLost`` and is never repeated.
package final class Database: StatementRunner {
    let pool: ConnectionPool
    let logger: Logger

    private var statementTimeLimit: Duration { pool.configuration.statementTimeLimit }

    package init(
        server: ConnectionString,
        configuration: PoolConfiguration = PoolConfiguration(),
        logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.logger = logger
        pool = ConnectionPool(
            server: server,
            configuration: configuration,
            metrics: PoolMetrics(factory: metrics),
            logger: logger
        )
    }

    package func run(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        try await withConnection(statement.text) { connection throws(DatabaseError) in
            try await connection.run(statement, timeLimit: self.statementTimeLimit)
        }
    }

    /// What took long since the process began.
    package var slowStatements: SlowStatements { pool.metrics.slow }

    package func pipeline(_ statements: [SQL]) async throws(DatabaseError) -> [QueryOutcome] {
        guard !statements.isEmpty else { return [] }
        return try await withConnection(Self.text(of: statements)) { connection throws(DatabaseError) in
            try await connection.pipeline(statements, timeLimit: self.statementTimeLimit)
        }
    }

    /// Asks the server for a sign of life; throws if there is none within two seconds.
    package func ping() async throws(DatabaseError) {
        try await withConnection("SELECT 1") { connection throws(DatabaseError) in
            _ = try await connection.run("SELECT 1", timeLimit: .seconds(2))
        }
    }

    /// Lets nobody in any more, and waits until everything under way has ended or the caller is cancelled.
    package func close() async {
        await pool.close()
    }

    /// Several statements at once are known by the first.
    static func text(of statements: [SQL]) -> String {
        (statements.first?.text ?? "") + (statements.count > 1 ? " … (\(statements.count) at once)" : "")
    }

    private func withConnection<R: Sendable>(
        _ text: String,
        _ body: (PostgresConnection) async throws(DatabaseError) -> R
    ) async throws(DatabaseError) -> R {
        do throws(DatabaseError) {
            let connection = try await pool.lease()
            defer { pool.release(connection) }
            let start = ContinuousClock.now
            let result = try await body(connection)
            pool.metrics.queried(text, for: .now - start)
            return result
        } catch {
            pool.metrics.failed(error)
            throw error
        }
    }
}

/// Stands in the service group behind the cluster and before whoever uses it, so that it is closed between them.
extension Database: Service {
    package func run() async throws {
        // Being cancelled instead comes to the same.
        try? await gracefulShutdown()
        await close()
    }
}
