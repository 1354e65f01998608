import ArgumentParser
import Database
import Foundation

/// Sessions on PostgreSQL with fsync on, written to by the sandbox's phones from a process of its own.
struct EngineBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Sessions under load: memory idle, time to come back, processor time a message, latency of echoes."
    )

    enum Listener: String, ExpressibleByArgument { case none, receive, echo, bots }

    @Option(help: "Sessions, each with a phone that writes to it.")
    var sessions = 1000

    @Option(help: "Messages a second over all phones.")
    var rate = 1000

    @Option(help: "Seconds of traffic; 0 for none.")
    var seconds = 30

    @Option(help: "What becomes of a message: none, receive, echo, or bots, who are sent commands.")
    var listener = Listener.echo

    @Option(help: "Threads for the sessions.")
    var threads = 2

    @Option(help: "The program whose sandbox is used; it should be a release build.")
    var program = ".build-release/release/wharf"

    @Option(help: "Folder with the migrations.")
    var migrations = "migrations"

    @Option(help: "Runs of which the medians count, each with everything new, the process too.")
    var runs = 5

    @Option(help: "Groups in which the phones write, instead of to each session.")
    var groups = 0

    @Option(help: "Members of each group, one of them a session.")
    var members = 10

    @Option(help: "Stickers that are made at once while there is traffic.")
    var stickers = 0

    @Flag(help: "Sessions connect by TLS.")
    var tls = false

    @Option(help: .hidden)
    var prepare: String?

    /// Where one run of several leaves its figures.
    @Option(help: .hidden)
    var figures: String?

    func run() async throws {
        if let prepare {
            let places = try JSONDecoder().decode(EnginePlaces.self, from: Data(prepare.utf8))
            let engine = try await MeasuredEngine(self, places)
            try await engine.prepare()
            return await engine.close()
        }
        if let file = figures {
            let figures = try await measureOnce()
            return try JSONEncoder().encode(figures).write(to: URL(filePath: file))
        }
        Circumstances.current().report()
        guard runs > 1 else {
            _ = try await measureOnce()
            return
        }
        var all: [EngineFigures] = []
        for number in 1...runs {
            report("run \(number)")
            all.append(try await measureElsewhere())
        }
        report("medians of \(runs) runs")
        for (name, median) in EngineFigures.medians(all) { report(name.padded(to: 44) + median) }
    }

    /// One run in a process of its own: in one that has run already there is room that need not be asked for again.
    private func measureElsewhere() async throws -> EngineFigures {
        let file = FileManager.default.temporaryDirectory.appending(path: "wharf-figures-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try await runElsewhere(Array(CommandLine.arguments.dropFirst()) + ["--figures", file.path])
        return try JSONDecoder().decode(EngineFigures.self, from: Data(contentsOf: file))
    }

    private func measureOnce() async throws -> EngineFigures {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-engine-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A person may send a bot ten commands a minute.
        let phones = listener == .bots ? sessions * 2 : sessions
        var load = "phones=\(phones),link=\(sessions),rate=\(max(rate, 1)),seconds=\(max(seconds, 1))"
        if groups > 0 { load += ",groups=\(groups),members=\(members)" }
        if listener == .bots { load += ",commands=1" }
        let sandbox = try await LoadingSandbox(program: program, load: load, folder: folder)
        defer { sandbox.stop() }
        let cluster = PrivateCluster(
            configuration: PrivateClusterConfiguration(folder: "\(folder)/db"),
            logger: MeasuredEngine.silence
        )
        try await cluster.start()
        // The fifth line is the socket's folder.
        let server = try String(contentsOfFile: "\(folder)/db/postgres/postmaster.pid", encoding: .utf8)
        let socketFolder = server.split(separator: "\n", omittingEmptySubsequences: false)[4]
        let places = EnginePlaces(
            folder: folder,
            connection: "host=\(socketFolder) user=wharf dbname=wharf",
            webSocketURL: tls
                ? sandbox.place.webSocketURL.replacing("ws://", with: "wss://") : sandbox.place.webSocketURL,
            certificate: tls ? sandbox.certificate : nil,
            noiseRootKey: sandbox.place.noiseRootKey,
            credentials: sandbox.file
        )
        try await prepareElsewhere(places)
        let engine = try await MeasuredEngine(self, places)
        let figures = try await engine.run(sandbox)
        await engine.close()
        await cluster.stop()
        return figures
    }

    /// The first life in a process of its own, so that the measured one has never held what it took to make thousands of keys.
    private func prepareElsewhere(_ places: EnginePlaces) async throws {
        try await runElsewhere([
            "engine", "--sessions", "\(sessions)", "--threads", "\(threads)", "--migrations", migrations,
            "--prepare", String(decoding: try JSONEncoder().encode(places), as: UTF8.self),
        ])
    }

    /// This program once more, until it ends.
    private func runElsewhere(_ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        )
        process.arguments = arguments
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { process in
                let isDone = process.terminationStatus == 0
                continuation.resume(with: isDone ? .success(()) : .failure(ExitCode.failure))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}

/// Where a run's parts find each other's things.
struct EnginePlaces: Codable {
    var folder: String
    /// PostgreSQL, as a connection string.
    var connection: String
    var webSocketURL: String
    /// PEM; for TLS.
    var certificate: String?
    var noiseRootKey: String
    var credentials: String
}
