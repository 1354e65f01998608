package import Database
import Logging

/// A database of one test, with the whole schema and nothing in it.
package struct TestDatabase: Sendable {
    package let database: Database
    /// For a second pool, or a pool with other settings, on the same database.
    package let connectionString: ConnectionString
    private let name: DatabaseName

    /// Makes a database; the caller drops it, or uses ``withTestDatabase(configuration:_:)``.
    package static func make(configuration: PoolConfiguration = .test) async throws -> TestDatabase {
        let (name, connectionString) = try await DatabaseTestCluster.shared().makeDatabase()
        let database = Database(
            server: connectionString,
            configuration: configuration,
            logger: Logger(label: "tests.database", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return TestDatabase(database: database, connectionString: connectionString, name: name)
    }

    /// Breaks all connections and lets nobody in, as a server that has died.
    package func lose() async throws {
        try await DatabaseTestCluster.shared().setOpen(false, name)
    }

    /// Lets everybody in again.
    package func bringBack() async throws {
        try await DatabaseTestCluster.shared().setOpen(true, name)
    }

    /// Closes the pool and drops the database.
    package func drop() async throws {
        await database.close()
        try await DatabaseTestCluster.shared().drop(name)
    }
}

extension PoolConfiguration {
    /// Few connections, because many tests run at once, and patience with a busy machine.
    package static var test: PoolConfiguration {
        PoolConfiguration(size: 4, acquireTimeLimit: .seconds(20), statementTimeLimit: .seconds(30))
    }
}

/// Lends a database with the whole schema for the time of a test, and drops it afterwards.
package func withTestDatabase(
    configuration: PoolConfiguration = .test,
    _ body: (Database) async throws -> Void
) async throws {
    try await withLosableDatabase(configuration: configuration) { try await body($0.database) }
}

/// The same, with one that can be lost in between.
package func withLosableDatabase(
    configuration: PoolConfiguration = .test,
    _ body: (TestDatabase) async throws -> Void
) async throws {
    let test = try await TestDatabase.make(configuration: configuration)
    do {
        try await body(test)
    } catch {
        // The test's own error says more than a failing drop.
        try? await test.drop()
        throw error
    }
    try await test.drop()
}
