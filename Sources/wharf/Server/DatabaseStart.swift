import Database
import Logging
import ServiceLifecycle
import Settings
import Web

/// The database that the settings ask for, with the server behind it where that is ours.
struct DatabaseStart {
    let database: Database
    /// A small pool for the one who writes what sessions keep, so that nobody else takes its connection.
    let commits: Database
    let cluster: PrivateCluster?
    private let logger: Logger

    /// Starts the private server where there is no other, and opens a pool on it; nothing is asked of the database yet.
    static func open(_ settings: Settings, logger: Logger) async throws -> DatabaseStart {
        let pool = PoolConfiguration(
            size: settings.database.connections,
            statementTimeLimit: settings.database.statementTimeLimit
        )
        if let url = settings.database.url {
            let server: ConnectionString
            do throws(ConnectionStringError) {
                server = try ConnectionString(parsing: url.reveal())
            } catch {
                throw Failure("DATABASE_URL: must be a PostgreSQL address", status: .configuration)
            }
            let database = Database(server: server, configuration: pool, logger: logger)
            return DatabaseStart(database: database, commits: commits(server, logger), cluster: nil, logger: logger)
        }
        let folder = try Places.data(settings.server)
        let cluster = PrivateCluster(configuration: PrivateClusterConfiguration(folder: folder), logger: logger)
        let server = try await cluster.start()
        let database = Database(server: server, configuration: pool, logger: logger)
        return DatabaseStart(database: database, commits: commits(server, logger), cluster: cluster, logger: logger)
    }

    private static func commits(_ server: ConnectionString, _ logger: Logger) -> Database {
        Database(server: server, configuration: .commits, logger: logger)
    }

    /// Applies what the schema lacks; the number of steps.
    func migrate(from share: ShareFolder) async throws -> Int {
        let files = try MigrationFile.all(in: share.migrations)
        return try await Migrator(files: files, logger: logger).run(on: database).count
    }

    func close() async {
        await commits.close()
        await database.close()
        await cluster?.stop()
    }

    /// Those that run as long as the program does, in the order of dependence.
    var services: [any Service] {
        [cluster as (any Service)?, database, commits].compactMap { $0 }
    }
}
