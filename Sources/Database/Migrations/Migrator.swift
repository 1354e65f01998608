package import Logging

/// Brings the schema up to date: applies the files that the database does not have yet, in order, each in one transaction.
///
/// A lock in the database lets one process at a time do that; a second one waits and then finds nothing left to do.
package struct Migrator: Sendable {
    private let files: [MigrationFile]
    private let logger: Logger
    /// How long to wait for another process that migrates.
    private let patience: Duration

    package init(files: [MigrationFile], logger: Logger, patience: Duration = .seconds(300)) {
        self.files = files
        self.logger = logger
        self.patience = patience
    }

    /// Applies what is missing and returns it.
    ///
    /// - Throws: ``MigrationError``. What was applied before the failing file stays applied.
    @discardableResult
    package func run(on database: Database) async throws(MigrationError) -> [MigrationFile] {
        let connection = try await migrating { () throws(DatabaseError) in try await database.pool.lease() }
        let outcome: Result<[MigrationFile], MigrationError>
        do throws(MigrationError) {
            outcome = .success(try await run(on: connection))
        } catch {
            outcome = .failure(error)
        }
        // Closed rather than given back: that ends the lock and whatever a file has set.
        await connection.close()
        database.pool.release(connection)
        return try outcome.get()
    }

    private func run(on connection: PostgresConnection) async throws(MigrationError) -> [MigrationFile] {
        let ledger = MigrationLedger(connection: connection)
        try await lock(ledger)
        let applied = try await migrating { () throws(DatabaseError) in try await ledger.entries() }
        let pending = try pending(after: applied)
        for file in pending {
            try await apply(file, connection, ledger)
            logger.info("Database migrated", metadata: ["migration": "\(file.name)"])
        }
        return pending
    }

    private func lock(_ ledger: MigrationLedger) async throws(MigrationError) {
        let deadline = ContinuousClock.now + patience
        while try await !migrating({ () throws(DatabaseError) in try await ledger.tryLock() }) {
            guard .now < deadline else { throw .busy }
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                throw .database(.cancelled)
            }
        }
    }

    /// Compares what is applied with the files, and returns the rest of the files.
    private func pending(after applied: [MigrationLedger.Entry]) throws(MigrationError) -> [MigrationFile] {
        for (index, entry) in applied.enumerated() {
            guard index < files.count else {
                throw .databaseIsNewer(database: applied.last?.number ?? entry.number, files: files.count)
            }
            let file = files[index]
            guard entry.number == file.number, entry.name == file.name else {
                throw .renamed(file: file.name, appliedAs: entry.name)
            }
            guard entry.checksum == file.checksum else { throw .changed(file: file.name) }
        }
        return Array(files.dropFirst(applied.count))
    }

    private func apply(
        _ file: MigrationFile,
        _ connection: PostgresConnection,
        _ ledger: MigrationLedger
    ) async throws(MigrationError) {
        try await migrating { () throws(DatabaseError) in try await ledger.begin() }
        do throws(ScriptFailure) {
            try await connection.runScript(file.text)
        } catch {
            guard let sqlState = error.sqlState else { throw .database(error.error) }
            let script = MigrationScript(file.text)
            let line =
                error.position.map(script.line(ofCharacter:)) ?? script.line(ofStatement: error.completedStatements)
            throw .failed(file: file.name, line: line, sqlState: sqlState)
        }
        guard await connection.isInTransaction else { throw .endsTransaction(file: file.name) }
        try await migrating { () throws(DatabaseError) in
            try await ledger.add(MigrationLedger.Entry(file))
            try await ledger.commit()
        }
    }

    private func migrating<R: Sendable>(
        _ body: () async throws(DatabaseError) -> R
    ) async throws(MigrationError) -> R {
        do throws(DatabaseError) {
            return try await body()
        } catch {
            throw .database(error)
        }
    }
}
