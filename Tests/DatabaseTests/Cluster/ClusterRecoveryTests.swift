import Foundation
import Glibc
import ServiceLifecycle
import Testing
import WharfTestSupport

@testable import Database

/// What kills can do to a server, and how it comes back.
@Suite(.serialized)
struct ClusterRecoveryTests {
    /// Runs a cluster as a service beside the body, and shuts it down gracefully afterwards.
    private func withService(
        _ fixture: ClusterFixture,
        _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        let cluster = fixture.cluster()
        let database = fixture.pool(try await cluster.start())
        let group = ServiceGroup(services: [cluster, database], logger: fixture.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(database)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(fixture.survivors.processes.all().isEmpty)
        await #expect(throws: DatabaseError.closed) { try await database.ping() }
    }

    @Test func aKilledServerIsStartedAgainUnderThePool() async throws {
        try await ClusterFixture.with { fixture in
            try await withService(fixture) { database in
                try await fixture.writeMark(database)
                let first = try fixture.postmaster()
                // A statement under way, which keeps its process busy after the first one is dead.
                let running = Task { try await database.execute("SELECT pg_sleep(60)") }
                try await eventually {
                    try await database.query(
                        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'"
                    ).count == 1
                }
                kill(first, SIGKILL)
                try await eventually { (try? fixture.postmaster()).map { $0 != first } ?? false }
                try await eventually { (try? await fixture.readMark(database)) == "kept" }
                await #expect(throws: DatabaseError.connectionLost) { try await running.value }
            }
        }
    }

    @Test func aKilledBackendCostsItsConnectionsAlone() async throws {
        try await ClusterFixture.with { fixture in
            try await withService(fixture) { database in
                try await fixture.writeMark(database)
                let first = try fixture.postmaster()
                let row = try #require(try await database.queryOne("SELECT pg_backend_pid() AS pid"))
                // The server ends all its connections and recovers; the pool waits for it.
                kill(pid_t(try row.decode("pid", as: Int32.self)), SIGKILL)
                try await eventually { (try? await fixture.readMark(database)) == "kept" }
                #expect(try fixture.postmaster() == first)
            }
        }
    }

    @Test func aNewFolderIsBroughtToTheDiskWhileTheServerRuns() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster([:])
            try await cluster.start()
            #expect(FileSystem.exists(fixture.files.unsynchronised))
            let group = ServiceGroup(services: [cluster], logger: fixture.logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await eventually(within: .seconds(60)) { !FileSystem.exists(fixture.files.unsynchronised) }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    @Test func aRestartedServerIsFoundAgain() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster()
            let database = fixture.pool(try await cluster.start())
            try await fixture.writeMark(database)
            for _ in 0..<3 {
                await cluster.stop()
                try await cluster.start()
                // Every idle connection is dead, and nobody notices.
                #expect(try await fixture.readMark(database) == "kept")
            }
            await database.close()
            await cluster.stop()
        }
    }

    @Test func callersWaitWhileTheServerRestarts() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster()
            let database = fixture.pool(try await cluster.start())
            try await fixture.writeMark(database)
            await cluster.stop()
            async let mark = fixture.readMark(database)
            try await cluster.start()
            #expect(try await mark == "kept")
            await database.close()
            await cluster.stop()
        }
    }

    @Test func whatAKilledServerLeftIsRecovered() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster()
            let database = fixture.pool(try await cluster.start())
            try await fixture.writeMark(database)
            kill(try fixture.postmaster(), SIGKILL)
            await database.close()
            await cluster.stop()
            #expect(FileSystem.exists(fixture.files.postmaster))

            let next = fixture.cluster()
            let again = fixture.pool(try await next.start())
            #expect(try await fixture.readMark(again) == "kept")
            await again.close()
            await next.stop()
        }
    }

    @Test func aServerThatOutlivedItsWharfIsEnded() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster()
            let database = fixture.pool(try await cluster.start())
            try await fixture.writeMark(database)
            await database.close()
            await cluster.stop()

            // A server that nobody tells to stop, because its parent is gone already.
            let user = try ServerUser.current()
            let programs = try #require(ServerPrograms.installed().first)
            let arguments =
                ["-D", fixture.files.server]
                + PrivateClusterConfiguration(folder: fixture.folder)
                .arguments(socketFolder: fixture.files.socketFolder)
            let command = try user.command(programs.postgres, arguments, whenWharfDies: "clear")
                .map { "'\($0)'" }.joined(separator: " ")
            let shell = try await ChildProcess.start(["/bin/sh", "-c", "\(command) &"], output: fixture.files.log)
            #expect(await shell.exit(within: .seconds(20)) == ChildProcess.Exit(status: 0))
            try await eventually { (try? fixture.postmaster()) != nil }
            let orphan = try fixture.postmaster()

            let next = fixture.cluster()
            let again = fixture.pool(try await next.start())
            #expect(try fixture.postmaster() != orphan)
            #expect(!fixture.survivors.processes.all().contains(orphan))
            #expect(try await fixture.readMark(again) == "kept")
            await again.close()
            await next.stop()
        }
    }

    @Test func theNumberOfAStrangerInALockFileDoesNotMatter() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = fixture.cluster()
            try await cluster.start()
            let server = try fixture.postmaster()
            kill(server, SIGKILL)
            await cluster.stop()
            // The number now belongs to another process of the same user, as happens in containers.
            let command = try ServerUser.current().command("/bin/sleep", ["60"], whenWharfDies: "KILL")
            let stranger = try await ChildProcess.start(command, output: "/dev/null")
            let number = try #require(stranger.processID)
            for file in [fixture.files.postmaster, "\(fixture.files.socketFolder)/.s.PGSQL.5432.lock"] {
                let lines = try #require(FileSystem.lines(of: file))
                try write((["\(number)"] + lines.dropFirst()).joined(separator: "\n"), to: file)
            }
            let next = fixture.cluster()
            try await next.start()
            #expect(stranger.exit == nil)
            await stranger.endByForce()
            await next.stop()
        }
    }
}
