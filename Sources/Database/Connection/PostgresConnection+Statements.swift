import CLibPQ

extension PostgresConnection {
    /// Carries out one statement; cancelling the caller stops it.
    ///
    /// Without a time limit it takes as long as it wants.
    nonisolated func run(_ statement: SQL, timeLimit: Duration?) async throws(DatabaseError) -> QueryResult {
        try await interruptible { interruption throws(DatabaseError) in
            try await self.perform(statement, Patience(interruption: interruption, timeLimit: timeLimit))
        }
    }

    /// Carries out one statement to its end, whether or not the caller is cancelled.
    nonisolated func runUncancelled(_ statement: SQL, timeLimit: Duration?) async throws(DatabaseError) -> QueryResult {
        let interruption = Interruption(wake: wake)
        return try await perform(statement, Patience(interruption: interruption, timeLimit: timeLimit))
    }

    private func perform(_ statement: SQL, _ patience: Patience) throws(DatabaseError) -> QueryResult {
        let parameters = try ParameterBlock(statement.parameters)
        return try attended(patience) { handle, patience throws(DatabaseError) in
            do throws(DatabaseError) {
                return try carryOut(statement, parameters, handle, &patience)
            } catch {
                // The schema changed under a prepared statement. It failed before it did anything, and outside of a transaction
                // it may be prepared and carried out anew.
                guard error.isStalePlan else { throw error }
                cache.forget(statement)
                guard handle.isIdle else { throw error }
                return try carryOut(statement, parameters, handle, &patience)
            }
        }
    }

    /// Lends the handle for one exchange with the server and looks after the connection's condition.
    func attended<R>(
        _ patience: Patience,
        _ body: (PostgresHandle, inout Patience) throws(DatabaseError) -> R
    ) throws(DatabaseError) -> R {
        guard let handle, !handle.isBroken else { throw .connectionLost }
        var patience = patience
        // A wish to stop that came before anything was sent.
        guard patience.verdict() != .stop else { throw patience.reason ?? .cancelled }
        defer {
            handle.settle(&patience)
            noteCondition()
        }
        do throws(DatabaseError) {
            return try body(handle, &patience)
        } catch {
            if error == .connectionLost { handle.abandon() }
            throw error == .cancelled ? patience.reason ?? .cancelled : error
        }
    }

    private func carryOut(
        _ statement: SQL,
        _ parameters: ParameterBlock,
        _ handle: PostgresHandle,
        _ patience: inout Patience
    ) throws(DatabaseError) -> QueryResult {
        switch cache.look(for: statement) {
        case .prepared(let name):
            try handle.send(prepared: name, parameters)
        case .prepare(let name):
            try handle.sendPrepare(name, statement.text, types: parameters.types)
            _ = try onlyResult(handle, &patience)
            cache.remember(statement, as: name)
            try handle.send(prepared: name, parameters)
        case .full:
            try handle.send(statement.text, parameters)
        }
        return try onlyResult(handle, &patience)
    }

    /// Reads everything that the server has to say to one statement.
    private func onlyResult(
        _ handle: PostgresHandle,
        _ patience: inout Patience
    ) throws(DatabaseError) -> QueryResult {
        var last: QueryResult?
        while let result = try handle.nextResult(&patience) {
            // COPY wants a conversation that nobody here leads.
            if result.isCopy {
                handle.abandon()
                throw .other(sqlState: "0A000")
            }
            last = result
        }
        guard let last else { throw .connectionLost }
        try last.requireSuccess()
        return last
    }
}

extension QueryResult {
    var isCopy: Bool { [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) }

    var isError: Bool { [PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR].contains(status) }

    func requireSuccess() throws(DatabaseError) {
        guard isError else { return }
        throw DatabaseError(report: self)
    }
}

extension DatabaseError {
    /// `feature_not_supported` is what "cached plan must not change result type" is called; the other is a lost name.
    fileprivate var isStalePlan: Bool {
        [.other(sqlState: "0A000"), .other(sqlState: "26000")].contains(self)
    }
}
