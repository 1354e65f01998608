import CLibPQ

/// How one statement of a pipelined batch ended.
///
/// A batch is all or nothing: either every outcome is `done`, or one is `failed` and all others are `undone`.
package enum QueryOutcome: Sendable {
    case done(rows: [Row], changed: Int)
    /// The statement that failed, and with it the batch.
    case failed(DatabaseError)
    /// Not carried out, or carried out and rolled back, because another statement of the batch failed.
    case undone
}

extension PostgresConnection {
    /// Sends the statements in one go and reads all answers after that; cancelling the caller stops what is under way.
    ///
    /// - Throws: when the batch as a whole failed: the connection broke, the time was up, the caller was cancelled, or a
    ///   constraint that is checked at the end did not hold.
    nonisolated func pipeline(
        _ statements: [SQL],
        timeLimit: Duration?
    ) async throws(DatabaseError) -> [QueryOutcome] {
        try await interruptible { interruption throws(DatabaseError) in
            try await self.performBatch(statements, Patience(interruption: interruption, timeLimit: timeLimit))
        }
    }

    private func performBatch(_ statements: [SQL], _ patience: Patience) throws(DatabaseError) -> [QueryOutcome] {
        var blocks: [ParameterBlock] = []
        for statement in statements { blocks.append(try ParameterBlock(statement.parameters)) }
        return try attended(patience) { handle, patience throws(DatabaseError) in
            try handle.enterPipeline()
            do throws(DatabaseError) {
                let steps = try send(Array(zip(statements, blocks)), handle)
                let outcomes = try readAnswers(steps, handle, &patience)
                try handle.leavePipeline()
                return outcomes
            } catch {
                // Answers may still be on their way: nobody else can use this connection.
                handle.abandon()
                throw error
            }
        }
    }

    /// One statement of a batch and how it was sent.
    private struct Step {
        let statement: SQL
        /// The name under which the batch prepares it first; nil if it need not.
        let preparedName: String?
    }

    private func send(
        _ statements: [(SQL, ParameterBlock)],
        _ handle: PostgresHandle
    ) throws(DatabaseError) -> [Step] {
        var steps: [Step] = []
        for (statement, parameters) in statements {
            switch cache.look(for: statement) {
            case .prepared(let name):
                try handle.send(prepared: name, parameters)
                steps.append(Step(statement: statement, preparedName: nil))
            case .prepare(let name):
                try handle.sendPrepare(name, statement.text, types: parameters.types)
                try handle.send(prepared: name, parameters)
                cache.remember(statement, as: name)
                steps.append(Step(statement: statement, preparedName: name))
            case .full:
                try handle.send(statement.text, parameters)
                steps.append(Step(statement: statement, preparedName: nil))
            }
        }
        try handle.endBatch()
        return steps
    }

    private func readAnswers(
        _ steps: [Step],
        _ handle: PostgresHandle,
        _ patience: inout Patience
    ) throws(DatabaseError) -> [QueryOutcome] {
        var outcomes: [QueryOutcome] = []
        var failure: DatabaseError?
        for step in steps {
            var answer: QueryResult?
            if step.preparedName != nil {
                let prepared = try readAnswer(handle, &patience)
                if prepared.status != PGRES_COMMAND_OK {
                    cache.forget(step.statement)
                    answer = prepared
                    _ = try readAnswer(handle, &patience)
                }
            }
            let result = if let answer { answer } else { try readAnswer(handle, &patience) }
            if result.status == PGRES_PIPELINE_ABORTED {
                outcomes.append(.undone)
            } else if result.isError {
                let error = DatabaseError(report: result)
                cache.forget(step.statement)
                failure = error
                outcomes.append(.failed(error))
            } else {
                outcomes.append(.done(rows: result.rows, changed: result.affectedRows))
            }
        }
        try readEndOfBatch(handle, &patience)
        guard let failure else { return outcomes }
        guard failure != .connectionLost, failure != .cancelled else { throw failure }
        return outcomes.map { outcome in
            if case .done = outcome { .undone } else { outcome }
        }
    }

    /// Reads the one result of a sent command and the mark behind it.
    private func readAnswer(
        _ handle: PostgresHandle,
        _ patience: inout Patience
    ) throws(DatabaseError) -> QueryResult {
        guard let result = try handle.nextResult(&patience), !result.isCopy else { throw .connectionLost }
        while try handle.nextResult(&patience) != nil {}
        return result
    }

    private func readEndOfBatch(_ handle: PostgresHandle, _ patience: inout Patience) throws(DatabaseError) {
        var failure: DatabaseError?
        var marks = 0
        while true {
            guard let result = try handle.nextResult(&patience) else {
                marks += 1
                // One mark may follow an error; more of them mean that nothing else will come.
                guard marks < 3 else { throw failure ?? .connectionLost }
                continue
            }
            if result.status == PGRES_PIPELINE_SYNC { break }
            failure = DatabaseError(report: result)
        }
        guard let failure else { return }
        // The connection itself is in order again: the server has answered to the end.
        throw failure
    }
}
