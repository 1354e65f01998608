/// Why a script was stopped, and where in it.
struct ScriptFailure: Error {
    let error: DatabaseError
    let sqlState: String?
    /// The character, from 1, at which the server noticed the mistake, if it names one.
    let position: Int?
    /// The statements before the failing one.
    let completedStatements: Int

    init(_ error: DatabaseError, sqlState: String? = nil, position: Int? = nil, completedStatements: Int = 0) {
        self.error = error
        self.sqlState = sqlState
        self.position = position
        self.completedStatements = completedStatements
    }
}

extension PostgresConnection {
    /// Carries out a text of several statements without parameters, for as long as it takes.
    ///
    /// Only for texts of our own: migrations and the set-up of a cluster. What users give goes through ``SQL``.
    nonisolated func runScript(_ text: String) async throws(ScriptFailure) {
        let outcome: ScriptFailure?
        do throws(DatabaseError) {
            outcome = try await interruptible { interruption throws(DatabaseError) in
                try await self.perform(script: text, Patience(interruption: interruption, timeLimit: nil))
            }
        } catch {
            throw ScriptFailure(error)
        }
        if let outcome { throw outcome }
    }

    private func perform(script: String, _ patience: Patience) throws(DatabaseError) -> ScriptFailure? {
        try attended(patience) { handle, patience throws(DatabaseError) in
            try handle.send(script: script)
            var completed = 0
            var failure: ScriptFailure?
            while let result = try handle.nextResult(&patience) {
                if result.isCopy {
                    handle.abandon()
                    return ScriptFailure(.other(sqlState: "0A000"), sqlState: "0A000", completedStatements: completed)
                }
                if result.isError, failure == nil {
                    let error = DatabaseError(report: result)
                    failure = ScriptFailure(
                        error == .cancelled ? patience.reason ?? error : error,
                        sqlState: result.errorField(.sqlState),
                        position: result.errorField(.position).flatMap { Int($0) },
                        completedStatements: completed
                    )
                }
                completed += 1
            }
            return failure
        }
    }
}
