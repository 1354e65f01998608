/// Something that carries out statements: the pool, each on any connection, or a transaction.
package protocol StatementRunner: Sendable {
    /// Carries out one statement and returns everything that the server answered.
    func run(_ statement: SQL) async throws(DatabaseError) -> QueryResult

    /// Carries out several statements with one round trip, all or none.
    ///
    /// They are sent together and run in order. Outside of a transaction they make one implicit transaction: if one of them
    /// fails, none has any effect. Inside of a transaction a failure leaves that transaction to be rolled back.
    ///
    /// - Returns: one outcome a statement. A statement that failed is told there and not thrown.
    /// - Throws: when the batch as a whole failed, and had no effect: see ``DatabaseError``.
    func pipeline(_ statements: [SQL]) async throws(DatabaseError) -> [QueryOutcome]
}

extension StatementRunner {
    /// Carries out a statement and returns how many rows it changed.
    @discardableResult
    package func execute(_ statement: SQL) async throws(DatabaseError) -> Int {
        try await run(statement).affectedRows
    }

    package func query(_ statement: SQL) async throws(DatabaseError) -> [Row] {
        try await run(statement).rows
    }

    /// Returns the only row, or nil if there is none.
    ///
    /// - Throws: ``DatabaseError/moreThanOneRow`` besides the errors of the statement itself.
    package func queryOne(_ statement: SQL) async throws(DatabaseError) -> Row? {
        let rows = try await run(statement).rows
        guard rows.count <= 1 else { throw .moreThanOneRow }
        return rows.first
    }
}
