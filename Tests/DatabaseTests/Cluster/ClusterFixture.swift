import Foundation
import Glibc
import Logging

@testable import Database

/// A private cluster in a folder of its own, ended and removed after use.
struct ClusterFixture {
    let folder: String
    let logger = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

    var files: ClusterFiles { ClusterFiles(folder: folder) }
    var survivors: Survivors { Survivors(files: files) }

    static func with(_ body: (ClusterFixture) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let fixture = ClusterFixture(folder: "\(folder)/database")
            do {
                try await body(fixture)
            } catch {
                fixture.endEverything()
                throw error
            }
            fixture.endEverything()
        }
    }

    /// Kills do not lose what the operating system has, so there is no waiting for the disk unless a test wants it.
    func cluster(_ settings: [String: String] = ["fsync": "off"]) -> PrivateCluster {
        PrivateCluster(configuration: PrivateClusterConfiguration(folder: folder, settings: settings), logger: logger)
    }

    func pool(_ server: ConnectionString) -> Database {
        Database(
            server: server,
            configuration: PoolConfiguration(size: 2, acquireTimeLimit: .seconds(20)),
            logger: logger
        )
    }

    /// The first process of the running server.
    func postmaster() throws -> pid_t {
        guard let process = FileSystem.lines(of: files.postmaster)?.first.flatMap({ pid_t($0) }) else {
            throw NoServer()
        }
        return process
    }

    struct NoServer: Error {}

    /// Makes a table with one row, and checks that a later server still has it.
    func writeMark(_ database: Database) async throws {
        try await database.execute("CREATE TABLE marks (mark text NOT NULL)")
        try await database.execute("INSERT INTO marks (mark) VALUES (\("kept"))")
    }

    func readMark(_ database: Database) async throws -> String? {
        try await database.queryOne("SELECT mark FROM marks")?.decode("mark", as: String.self)
    }

    private func endEverything() {
        for process in survivors.processes.all() { kill(process, SIGKILL) }
    }
}
