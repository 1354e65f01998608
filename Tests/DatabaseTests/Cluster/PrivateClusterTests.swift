import Foundation
import Glibc
import Testing
import WharfTestSupport

@testable import Database

@Suite(.serialized)
struct PrivateClusterTests {
    @Test func theFirstStartMakesTheFolderAndLaterOnesKeepIt() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster([:])
            let clock = ContinuousClock()
            let firstStart = try await clock.measure { try await cluster.start() }
            // 0.8 s on an idle machine; the limits leave room for one that is compiling.
            #expect(firstStart < .seconds(30))
            let database = fixture.pool(try await cluster.start())
            try await fixture.writeMark(database)
            await database.close()
            await cluster.stop()
            #expect(fixture.survivors.processes.all().isEmpty)

            let next = fixture.cluster([:])
            let nextStart = try await clock.measure { try await next.start() }
            #expect(nextStart < .seconds(10))
            let again = fixture.pool(try await next.start())
            #expect(try await fixture.readMark(again) == "kept")
            await again.close()
            await next.stop()
        }
    }

    @Test func theServerIsClosedToOthers() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster([:])
            let database = fixture.pool(try await cluster.start())
            let row = try #require(
                try await database.queryOne(
                    """
                    SELECT current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync,
                        current_user AS role, current_database() AS database
                    """
                )
            )
            #expect(try row.decode("addresses", as: String.self) == "")
            #expect(try row.decode("fsync", as: String.self) == "on")
            #expect(try row.decode("role", as: String.self) == "wharf")
            #expect(try row.decode("database", as: String.self) == "wharf")
            for folder in [fixture.files.server, fixture.files.socketFolder, "/proc/\(try fixture.postmaster())"] {
                var status = stat()
                try #require(stat(folder, &status) == 0)
                #expect(status.st_uid == (try ServerUser.current()).id)
                #expect(status.st_uid != 0)
                if !folder.hasPrefix("/proc") { #expect(status.st_mode & 0o777 == 0o700) }
            }
            await database.close()
            await cluster.stop()
        }
    }

    @Test func aFolderLeftHalfMadeIsMadeAnew() async throws {
        try await ClusterFixture.with { fixture in
            // Cut off as early and as late as chance has it.
            for _ in 0..<3 {
                let cluster = fixture.cluster()
                let starting = Task { try await cluster.start() }
                try await eventually { FileSystem.exists(fixture.files.unfinishedServer + "/global") }
                starting.cancel()
                await #expect(throws: ClusterError.cancelled) { try await starting.value }
                #expect(!FileSystem.exists(fixture.files.server))
                #expect(FileSystem.exists(fixture.files.unfinishedServer))
            }
            let cluster = fixture.cluster()
            let database = fixture.pool(try await cluster.start())
            try await database.ping()
            #expect(!FileSystem.exists(fixture.files.unfinishedServer))
            await database.close()
            await cluster.stop()
        }
    }

    @Test func aFolderOfAnotherVersionIsRefused() async throws {
        try await ClusterFixture.with { fixture in
            try FileManager.default.createDirectory(atPath: fixture.files.server, withIntermediateDirectories: true)
            try write("9\n", to: fixture.files.version)
            let installed = ServerPrograms.installed().map(\.majorVersion)
            let error = await #expect(throws: ClusterError.self) { try await fixture.cluster().start() }
            #expect(error == .otherVersion(folder: fixture.files.server, folderVersion: "9", installed: installed))
            let text = try #require(error).description
            #expect(text.contains("PostgreSQL 9"))
            for version in installed { #expect(text.contains("PostgreSQL \(version)")) }
        }
    }

    @Test func aForeignFolderIsLeftAlone() async throws {
        try await ClusterFixture.with { fixture in
            try FileManager.default.createDirectory(atPath: fixture.files.server, withIntermediateDirectories: true)
            let file = fixture.files.server + "/letter.txt"
            try write("dear", to: file)
            await #expect(throws: ClusterError.damagedFolder(fixture.files.server)) {
                try await fixture.cluster().start()
            }
            #expect(FileSystem.lines(of: file) == ["dear"])
        }
    }

    @Test func aFolderBelongsToOneWharf() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster()
            try await cluster.start()
            await #expect(throws: ClusterError.folderInUse(fixture.folder)) { try await fixture.cluster().start() }
            await cluster.stop()
            let next = fixture.cluster()
            try await next.start()
            await next.stop()
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root starts the server as somebody else"))
    func aFolderThatTheServerCannotReachIsNamed() async throws {
        try await withTemporaryFolder { folder in
            let closed = "\(folder)/closed"
            try FileManager.default.createDirectory(
                atPath: "\(closed)/data",
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755]
            )
            try #require(chmod(closed, 0o700) == 0)
            let fixture = ClusterFixture(folder: "\(closed)/data")
            let error = await #expect(throws: ClusterError.self) { try await fixture.cluster().start() }
            #expect(error == .unsearchableFolder(FileSystem.resolved(closed), user: "postgres"))
        }
    }

    @Test func aDeepFolderGetsAShortSocket() async throws {
        try await withTemporaryFolder { folder in
            let fixture = ClusterFixture(folder: folder + "/" + String(repeating: "d", count: 90))
            let cluster = fixture.cluster()
            try await cluster.start()
            let database = fixture.pool(try #require(await cluster.administration))
            let row = try #require(
                try await database.queryOne("SELECT current_setting('unix_socket_directories') AS folder")
            )
            let socketFolder = try row.decode("folder", as: String.self).trimmingCharacters(in: ["\""])
            #expect(FileSystem.exists(socketFolder))
            await database.close()
            await cluster.stop()
            #expect(!FileSystem.exists(socketFolder))

            let long = PrivateClusterConfiguration(folder: fixture.folder, socketFolder: "\(fixture.folder)/socket")
            let error = await #expect(throws: ClusterError.self) {
                try await PrivateCluster(configuration: long, logger: fixture.logger).start()
            }
            #expect(error == .socketPathTooLong("\(fixture.folder)/socket/.s.PGSQL.5432"))
        }
    }

    @Test func aServerThatCannotStartIsReportedWithItsLog() async throws {
        try await ClusterFixture.with { fixture in
            await #expect(throws: ClusterError.startFailed(log: fixture.files.log)) {
                try await fixture.cluster(["shared_buffers": "nonsense"]).start()
            }
            let log = try String(contentsOfFile: fixture.files.log, encoding: .utf8)
            #expect(log.contains("shared_buffers"))
        }
    }

    @Test func programsMayBeNamed() async throws {
        try await ClusterFixture.with { fixture in
            try FileSystem.makeFolders(fixture.folder, mode: 0o700)
            let newest = try #require(ServerPrograms.installed().first)
            let named = PrivateClusterConfiguration(folder: fixture.folder, programs: newest.folder)
            let server = try await PrivateServer.locate(named, user: ServerUser.current())
            #expect(server.programs == newest)
            let missing = PrivateClusterConfiguration(folder: fixture.folder, programs: "/nonexistent")
            await #expect(throws: ClusterError.noPrograms(searched: "/nonexistent")) {
                try await PrivateServer.locate(missing, user: ServerUser.current())
            }
        }
    }
}
