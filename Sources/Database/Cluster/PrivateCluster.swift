import Glibc
package import Logging
import ServiceLifecycle

/// A PostgreSQL server of our own, in the data folder, reachable by a Unix socket alone.
///
/// ``start()`` makes the folder if need be and returns when the server takes connections. As a service it then starts the server
/// again whenever it dies, and stops it at the end. It works on a thread of its own, because it reads and writes files.
///
/// If Wharf is killed, the kernel tells the server to shut down; if that did not work either, the next start ends what is left.
package actor PrivateCluster {
    private enum Phase {
        case stopped
        case running(Running)
    }

    private struct Running {
        let server: PrivateServer
        let lock: ClusterLock
        let socketFolder: SocketFolder
        var process: ChildProcess
    }

    private let configuration: PrivateClusterConfiguration
    private let logger: Logger
    private let executor = ThreadExecutor(name: "postgres-cluster")
    private var phase = Phase.stopped

    private static let startLimit: Duration = .seconds(60)
    private static let stopLimit: Duration = .seconds(5)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(configuration: PrivateClusterConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Starts the server and returns how to sign in, as a user who owns the database `wharf` and nothing else.
    ///
    /// - Throws: ``ClusterError``, whose description says what to do.
    @discardableResult
    package func start() async throws(ClusterError) -> ConnectionString {
        if case .running(let running) = phase { return connection(running.socketFolder, as: .wharf) }
        let files = configuration.files
        let user = try ServerUser.current()
        // Only the server's user has to pass; what is inside has closed modes of its own.
        try FileSystem.makeFolders(files.folder, mode: user.isOther ? 0o711 : 0o700)
        let lock = try await ClusterLock.take(files)
        try user.requireSearchable(files.folder)
        let server = try await PrivateServer.locate(configuration, user: user)
        try await server.initialise()
        let socketFolder = try SocketFolder.make(configuration, for: user)
        do throws(ClusterError) {
            let process = try await startServer(server, socketFolder)
            phase = .running(Running(server: server, lock: lock, socketFolder: socketFolder, process: process))
        } catch {
            socketFolder.remove()
            throw error
        }
        logger.info("Database server started", metadata: ["postgres.version": "\(server.programs.majorVersion)"])
        return connection(socketFolder, as: .wharf)
    }

    /// How to sign in as the superuser, for the making of databases; nil while the server is stopped.
    package var administration: ConnectionString? {
        guard case .running(let running) = phase else { return nil }
        return connection(running.socketFolder, as: .administrator)
    }

    /// Stops the server and gives the folder free; after five seconds it is stopped less gently.
    package func stop() async {
        guard case .running(let running) = phase else { return }
        phase = .stopped
        await end(running.process)
        running.socketFolder.remove()
        logger.info("Database server stopped")
    }

    // MARK: Starting

    private enum Role: String {
        case wharf
        case administrator = "postgres"

        var database: DatabaseName {
            switch self {
            case .wharf: .wharf
            case .administrator: .maintenance
            }
        }
    }

    private func connection(_ folder: SocketFolder, as role: Role) -> ConnectionString {
        ConnectionString(socketFolder: folder.path, user: role.rawValue, database: role.database)
    }

    /// Starts the server and waits until it takes connections.
    ///
    /// The processes of a server that was killed may hold its memory for a moment longer, so it is tried more than once.
    private func startServer(
        _ server: PrivateServer,
        _ socketFolder: SocketFolder
    ) async throws(ClusterError) -> ChildProcess {
        var tries = 3
        while true {
            ServerLog(path: configuration.files.log).trim()
            try await Survivors(files: configuration.files).end()
            try socketFolder.removeLeftSocket()
            let process = try await server.launch(socketFolder: socketFolder.path)
            do throws(ClusterError) {
                let administration = try await connect(process, connection(socketFolder, as: .administrator))
                try await ClusterSetUp(connection: administration).run()
                await administration.close()
                return process
            } catch {
                await end(process)
                tries -= 1
                guard case .startFailed = error, tries > 0, !Task.isCancelled else { throw error }
                try await pause(for: .milliseconds(300))
            }
        }
    }

    private func connect(
        _ process: ChildProcess,
        _ target: ConnectionString
    ) async throws(ClusterError) -> PostgresConnection {
        var deadline = ContinuousClock.now + Self.startLimit
        var interval: Duration = .milliseconds(5)
        while process.exit == nil, .now < deadline {
            do throws(DatabaseError) {
                return try await PostgresConnection.open(target, session: SessionSettings(), timeLimit: .seconds(5))
            } catch {
                guard case .unreachable(let sqlState) = error else { throw .cancelled }
                // It lives and recovers, which after a crash takes as long as it takes.
                if sqlState == "57P03" { deadline = .now + Self.startLimit }
                try await pause(for: interval)
                interval = min(interval * 2, .milliseconds(50))
            }
        }
        throw .startFailed(log: configuration.files.log)
    }

    private func pause(for duration: Duration) async throws(ClusterError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw .cancelled
        }
    }

    // MARK: Stopping

    private func end(_ process: ChildProcess) async {
        // A task of its own, because a cancelled caller could not wait, and the server would be left to itself.
        await Task {
            // Fast shutdown, then without cleaning up, then by force.
            process.signal(SIGINT)
            if await process.exit(within: Self.stopLimit) != nil { return }
            logger.warning("Database server does not stop, ending it the hard way")
            process.signal(SIGQUIT)
            if await process.exit(within: .seconds(2)) != nil { return }
            await process.endByForce()
        }.value
    }

    // MARK: Keeping it up

    /// Starts the server again whenever it ends by itself, until the task is cancelled.
    private func keepUp() async {
        var backOff = BackOff(first: .milliseconds(200), limit: .seconds(10))
        while !Task.isCancelled, case .running(let running) = phase {
            guard let exit = await running.process.exit(within: .seconds(60)) else {
                // A quiet minute.
                ServerLog(path: configuration.files.log).trim()
                backOff = BackOff(first: .milliseconds(200), limit: .seconds(10))
                continue
            }
            guard !Task.isCancelled else { return }
            logger.error(
                "Database server ended by itself, starting it again",
                metadata: ["exit.status": "\(exit.status)"]
            )
            await restart(running)
            // Before the next look: a server that dies at once is not started without end.
            try? await Task.sleep(for: backOff.next())
        }
    }

    /// Brings a new folder to the disk.
    private func synchronise() async {
        guard case .running(let running) = phase else { return }
        do throws(ClusterError) {
            try await running.server.synchronise()
        } catch {
            guard error != .cancelled else { return }
            logger.error("Database folder could not be brought to the disk", metadata: ["error": "\(error)"])
        }
    }

    private func restart(_ running: Running) async {
        do throws(ClusterError) {
            let process = try await startServer(running.server, running.socketFolder)
            guard case .running(var current) = phase else {
                await end(process)
                return
            }
            current.process = process
            phase = .running(current)
            logger.info("Database server started again")
        } catch {
            guard error != .cancelled else { return }
            logger.error("Database server could not be started again", metadata: ["error": "\(error)"])
        }
    }
}

extension PrivateCluster: Service {
    /// Keeps the server up until shutdown, then stops it; ``start()`` comes before.
    package func run() async throws {
        try await start()
        await cancelWhenGracefulShutdown {
            async let synchronised: Void = self.synchronise()
            await self.keepUp()
            await synchronised
        }
        await stop()
    }
}
