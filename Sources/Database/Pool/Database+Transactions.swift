extension Database {
    /// Runs the closure in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// The closure makes no network call and keeps the transaction to itself. With retries it may run several times, so
    /// it does nothing that a rollback does not undo.
    ///
    /// - Throws: what the closure throws. ``DatabaseError/transactionAborted`` if the closure swallowed the error of a
    ///   statement; ``DatabaseError/connectionLost`` if the connection broke, in which case it is unknown whether a commit
    ///   under way took effect.
    nonisolated(nonsending)
        package func withTransaction<R>(
            isolation: TransactionIsolation = .readCommitted,
            retries: TransactionRetries = .none,
            _ body: nonisolated(nonsending) (Transaction) async throws -> R
        ) async throws -> R
    {
        var backOff = BackOff(first: retries.firstPause, limit: .milliseconds(500))
        var remaining = retries.limit
        while true {
            do {
                return try await runTransaction(isolation, body)
            } catch let error as DatabaseError where error.isTransient && remaining > 0 {
                remaining -= 1
                try await pause(for: backOff.next())
            }
        }
    }

    nonisolated(nonsending)
        private func runTransaction<R>(
            _ isolation: TransactionIsolation,
            _ body: nonisolated(nonsending) (Transaction) async throws -> R
        ) async throws -> R
    {
        let timeLimit = pool.configuration.statementTimeLimit
        let connection = try await begin(isolation, timeLimit)
        defer { pool.release(connection) }
        let transaction = Transaction(on: connection, timeLimit: timeLimit, metrics: pool.metrics)
        do {
            let value = try await body(transaction)
            transaction.end()
            try await commit(connection, timeLimit)
            return value
        } catch {
            transaction.end()
            await rollBack(connection)
            throw error
        }
    }

    private func begin(
        _ isolation: TransactionIsolation,
        _ timeLimit: Duration
    ) async throws(DatabaseError) -> PostgresConnection {
        do throws(DatabaseError) {
            let connection = try await pool.lease()
            do throws(DatabaseError) {
                _ = try await connection.run(isolation.begin, timeLimit: timeLimit)
                return connection
            } catch {
                pool.release(connection)
                throw error
            }
        } catch {
            pool.metrics.failed(error)
            throw error
        }
    }

    /// A commit is not cancelled: the caller would not know what became of it.
    private func commit(_ connection: PostgresConnection, _ timeLimit: Duration) async throws(DatabaseError) {
        do throws(DatabaseError) {
            let result = try await connection.runUncancelled("COMMIT", timeLimit: timeLimit)
            // A transaction in which a statement failed is rolled back by COMMIT, and the server reports success.
            guard result.command == "COMMIT" else { throw .transactionAborted }
        } catch {
            pool.metrics.failed(error)
            throw error
        }
    }

    /// Rolls back, also for a cancelled caller.
    ///
    /// If that fails the pool drops the connection, and the server rolls back.
    private func rollBack(_ connection: PostgresConnection) async {
        guard await connection.isInTransaction else { return }
        _ = try? await connection.runUncancelled("ROLLBACK", timeLimit: .seconds(5))
    }

    private func pause(for duration: Duration) async throws(DatabaseError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw .cancelled
        }
    }
}
