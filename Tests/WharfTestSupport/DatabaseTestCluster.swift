import Database
import Foundation
import Glibc
import Logging
import Synchronization

/// The one PostgreSQL server of a test run, whose first database has all migrations and is copied for each test.
///
/// It is started by the first test that asks for it and dies with the process. Its folder is in the system's temporary folder;
/// those of earlier runs are removed.
final class DatabaseTestCluster: Sendable {
    private let cluster: PrivateCluster
    private let migrated: ConnectionString
    /// Signs in as superuser, and makes and drops databases.
    private let administration: Database
    private let nextNumber = Atomic<Int>(1)

    private static let folderPrefix = "wharf-tests-"

    private static var folder: String {
        let root = FileManager.default.temporaryDirectory.path
        return "\(root)/\(folderPrefix)\(ProcessInfo.processInfo.processIdentifier)"
    }

    // Tests share it across the process, because a server takes a second to start. It is a task of its own so that the
    // cancellation of one test does not end it for the others.
    private static let starting = Task { try await DatabaseTestCluster() }

    /// The server of this run, started if need be.
    static func shared() async throws -> DatabaseTestCluster {
        try await starting.value
    }

    private init() async throws {
        Self.removeFoldersOfEarlierRuns()
        let logger = Logger(label: "tests.database", factory: { _ in SwiftLogNoOpLogHandler() })
        cluster = PrivateCluster(
            configuration: PrivateClusterConfiguration(folder: Self.folder, settings: Self.settings),
            logger: logger
        )
        migrated = try await cluster.start()
        atexit { DatabaseTestCluster.removeFolderOfThisRun() }
        guard let superuser = await cluster.administration else { throw ClusterError.cancelled }
        // All tests ask for their databases at once, and wait for each other.
        let patient = PoolConfiguration(size: 2, acquireTimeLimit: .seconds(120), statementTimeLimit: .seconds(60))
        administration = Database(server: superuser, configuration: patient, logger: logger)
        let schema = Database(server: migrated, configuration: PoolConfiguration(size: 1), logger: logger)
        try await Migrator(files: MigrationFile.all(in: Self.migrationsFolder), logger: logger).run(on: schema)
        await schema.close()
    }

    /// Makes a database with the schema and returns its name and how to sign in there.
    func makeDatabase() async throws -> (DatabaseName, ConnectionString) {
        let number = nextNumber.add(1, ordering: .relaxed).oldValue
        guard let name = DatabaseName("test_\(number)") else { throw ClusterError.cancelled }
        try await administration.execute("CREATE DATABASE \(name) TEMPLATE wharf STRATEGY WAL_LOG OWNER wharf")
        return (name, migrated.selecting(name))
    }

    func drop(_ name: DatabaseName) async throws {
        try await administration.execute("DROP DATABASE \(name) WITH (FORCE)")
    }

    /// Lets nobody into the database any more, and ends the connections that there are; or lets them in again.
    func setOpen(_ isOpen: Bool, _ name: DatabaseName) async throws {
        guard !isOpen else {
            try await administration.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
            return
        }
        try await administration.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
        try await administration.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(name.text)"
        )
    }

    /// The folder `migrations` of the repository.
    static var migrationsFolder: String {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .appendingPathComponent("../../migrations")
            .standardizedFileURL.path
    }

    /// Nothing has to survive a test run.
    private static let settings = [
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "max_connections": "400",
        "shared_buffers": "32MB",
    ]

    /// Runs while the process exits, when there is no task to wait for any more.
    private static func removeFolderOfThisRun() {
        let lock = "\(folder)/postgres/postmaster.pid"
        let lines = (try? String(contentsOfFile: lock, encoding: .utf8))?.split(separator: "\n")
        guard let server = lines?.first.flatMap({ pid_t($0) }) else { return }
        kill(server, SIGQUIT)
        for _ in 0..<100 where FileManager.default.fileExists(atPath: lock) { usleep(10_000) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func removeFoldersOfEarlierRuns() {
        let root = FileManager.default.temporaryDirectory.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for name in names where name.hasPrefix(folderPrefix) {
            guard let process = pid_t(name.dropFirst(folderPrefix.count)), kill(process, 0) != 0 else { continue }
            // Another run may be removing it too.
            try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
        }
    }
}
