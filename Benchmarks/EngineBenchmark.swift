import ArgumentParser
import Database
import Fleet
import Foundation
import HTTPClient
import Logging
import NIOCore
import NIOPosix
import SignalProtocol
import Synchronization
import WhatsApp

/// Sessions on PostgreSQL with fsync on, written to by the sandbox's phones from a process of its own.
struct EngineBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Sessions under load: memory idle, time to come back, processor time a message, latency of echoes."
    )

    enum Listener: String, ExpressibleByArgument { case none, receive, echo }

    @Option(help: "Sessions, each with a phone that writes to it.")
    var sessions = 1000

    @Option(help: "Messages a second over all phones.")
    var rate = 1000

    @Option(help: "Seconds of traffic; 0 for none.")
    var seconds = 30

    @Option(help: "What becomes of a message: none, receive, echo.")
    var listener = Listener.echo

    @Option(help: "Threads for the sessions.")
    var threads = 2

    @Option(help: "The program whose sandbox is used; it should be a release build.")
    var program = ".build-release/release/wharf"

    @Option(help: "Folder with the migrations.")
    var migrations = "migrations"

    @Option(help: .hidden)
    var prepare: String?

    func run() async throws {
        if let prepare {
            let places = try JSONDecoder().decode(EnginePlaces.self, from: Data(prepare.utf8))
            let engine = try await MeasuredEngine(self, places)
            try await engine.prepare()
            return await engine.close()
        }
        Circumstances.current().report()
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-engine-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let load = "phones=\(sessions),link=\(sessions),rate=\(max(rate, 1)),seconds=\(max(seconds, 1))"
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
            webSocketURL: sandbox.place.webSocketURL,
            noiseRootKey: sandbox.place.noiseRootKey,
            credentials: sandbox.file
        )
        try await prepareElsewhere(places)
        let engine = try await MeasuredEngine(self, places)
        try await engine.run(sandbox)
        await engine.close()
        await cluster.stop()
    }

    /// The first life in a process of its own, so that the measured one has never held what it took to make thousands of keys.
    private func prepareElsewhere(_ places: EnginePlaces) async throws {
        let process = Process()
        process.executableURL = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = [
            "engine", "--sessions", "\(sessions)", "--threads", "\(threads)", "--migrations", migrations,
            "--prepare", String(decoding: try JSONEncoder().encode(places), as: UTF8.self),
        ]
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
    var noiseRootKey: String
    var credentials: String
}

/// `wharf sandbox --load` as a process of its own.
final class LoadingSandbox: Sendable {
    struct NotReady: Error {}
    struct Place: Decodable {
        let webSocketURL: String
        let noiseRootKey: String
    }

    let place: Place
    /// With the credentials of the prepared sessions.
    let file: String
    private let process: ProcessBox
    let reports: AsyncStream<String>

    private struct ProcessBox: @unchecked Sendable {
        // SAFETY: started in the initialiser; only terminated afterwards, which Foundation allows from any thread.
        let process: Process
    }

    init(program: String, load: String, folder: String, port: Int = 18_920) async throws {
        let process = Process()
        file = "\(folder)/credentials.jsonl"
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "sandbox", "--port", "\(port)", "--load", load, "--load-credentials", file,
        ]
        process.environment = ["PATH": "/usr/bin:/bin", "WHARF_LOG_LEVEL": "warning", "HOME": folder]
        let output = Pipe()
        process.standardOutput = output
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        reports = lines
        let rest = Mutex("")
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                return continuation.finish()
            }
            rest.withLock { text in
                text += String(decoding: data, as: UTF8.self)
                while let end = text.firstIndex(of: "\n") {
                    continuation.yield(String(text[..<end]))
                    text.removeSubrange(...end)
                }
            }
        }
        try process.run()
        self.process = ProcessBox(process: process)
        for await line in lines where line.hasPrefix("The credentials of") { break }
        let http = HTTPClient()
        let answer = try await http.send(HTTPRequest(.get, "http://127.0.0.1:\(port)/sandbox"))
        await http.shutdown()
        place = try JSONDecoder().decode(Place.self, from: Data(answer.body))
    }

    func stop() {
        process.process.terminate()
    }
}

/// A scheduler with its sessions, in this process.
struct MeasuredEngine {
    private let options: EngineBenchmark
    private let places: EnginePlaces
    private let database: Database
    private let commits: Database
    private let vault: SessionVault
    private let environment: SessionEnvironment
    private let heard = Heard()
    static let silence = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }

    init(_ options: EngineBenchmark, _ places: EnginePlaces) async throws {
        self.options = options
        self.places = places
        let server = try ConnectionString(parsing: places.connection)
        database = Database(server: server, logger: Self.silence)
        commits = Database(server: server, configuration: .commits, logger: Self.silence)
        try await Migrator(files: MigrationFile.all(in: options.migrations), logger: Self.silence).run(on: database)
        guard let key = MasterKey(SecretBytes([UInt8](repeating: 1, count: 32))) else { throw ExitCode.failure }
        vault = SessionVault(
            database: database,
            commits: commits,
            masterKey: key,
            worker: try WorkerID.loadOrCreate(inFolder: places.folder),
            logger: Self.silence
        )
        let digits = Array(places.noiseRootKey)
        let rootKey = stride(from: 0, to: digits.count - 1, by: 2)
            .compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        let versions = ClientVersionSource(pinned: .builtIn, logger: Self.silence)
        environment = SessionEnvironment(
            service: try .sandbox(webSocketURL: places.webSocketURL, noiseRootKey: rootKey),
            profile: ClientProfile(versions: versions, deviceName: "Benchmark"),
            http: HTTPClient(),
            computePool: .singleton,
            logger: Self.silence
        )
    }

    func close() async {
        await commits.close()
        await database.close()
    }

    /// The first life of the sessions: all but one connect and make their keys, so that the load does not begin yet.
    func prepare() async throws {
        try await withWriter {
            try await create()
            try await connect(empty: 0, count: options.sessions - 1, isFirst: true)
        }
        try await database.execute("UPDATE sessions SET is_wanted = true")
    }

    /// The second life, which is measured.
    func run(_ sandbox: LoadingSandbox) async throws {
        try await withWriter {
            let empty = residentMemory()
            report("resident before: \(empty >> 10) KiB")
            try await connect(
                empty: empty,
                count: options.sessions,
                isFirst: false,
                sandbox: options.seconds > 0 ? sandbox : nil
            )
        }
    }

    private func withWriter(_ body: () async throws -> Void) async throws {
        try await vault.announce()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await vault.writer.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func create() async throws {
        let start = ContinuousClock.now
        let scheduler = scheduler(listeners: [])
        let text = try String(contentsOfFile: places.credentials, encoding: .utf8)
        for (index, line) in text.split(separator: "\n").enumerated() {
            let credentials = try BaileysCredentials.decode(Array(line.utf8))
            _ = try await scheduler.create("engine-\(index)", credentials: credentials)
        }
        report("sessions created in \((ContinuousClock.now - start).seconds.digits(1)) s")
    }

    private func scheduler(listeners: [any SessionListener]) -> SessionScheduler {
        var configuration = SchedulerConfiguration()
        configuration.startsPerSecond = 1000
        return SessionScheduler(
            configuration: configuration,
            vault: vault,
            database: database,
            environment: environment,
            eventLoops: MultiThreadedEventLoopGroup(numberOfThreads: options.threads),
            listeners: listeners,
            logger: Self.silence
        )
    }

    /// One life of the process's sessions: all connected, then perhaps traffic.
    private func connect(empty: Int, count: Int, isFirst: Bool, sandbox: LoadingSandbox? = nil) async throws {
        var listeners: [any SessionListener] = []
        if options.listener == .echo { listeners = [EchoListener()] }
        if options.listener == .receive { listeners = [heard] }
        let scheduler = scheduler(listeners: listeners)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let before = processorTime()
            let start = ContinuousClock.now
            group.addTask { try await scheduler.run() }
            var working = 0
            var wanted: Set<SessionID> = []
            while working < count {
                try await Task.sleep(for: .milliseconds(200))
                let all = await scheduler.all()
                for session in all.prefix(isFirst ? count : 0) where wanted.insert(session.id).inserted {
                    try await scheduler.start(session.id)
                }
                working = all.count { $0.status == .working }
            }
            let time = (ContinuousClock.now - start).seconds
            let cost = (processorTime() - before).seconds
            report(
                "\(isFirst ? "first start" : "restart"): \(working) sessions WORKING after \(time.digits(1)) s, "
                    + "\(cost.digits(1)) s of processor time here"
            )
            if !isFirst {
                if sandbox == nil { try await Task.sleep(for: .seconds(5)) }
                let resident = residentMemory()
                let each = Double(resident - empty) / 1024 / Double(options.sessions)
                report("resident with them: \(resident >> 10) KiB, \(each.digits(1)) KiB a session")
            }
            if let sandbox { try await traffic(sandbox) }
            group.cancelAll()
        }
    }

    private func traffic(_ sandbox: LoadingSandbox) async throws {
        let before = processorTime()
        let start = ContinuousClock.now
        var last = ""
        for await line in sandbox.reports where line.hasPrefix("{") {
            report(line)
            last = line
            if line.contains("\"isFinal\":true") { break }
        }
        let cost = (processorTime() - before).seconds
        let time = (ContinuousClock.now - start).seconds
        guard let sent = Int(last.split(separator: "\"sent\":").last?.prefix(while: \.isNumber) ?? ""), sent > 0 else {
            return
        }
        report(
            "\(sent) messages in \(time.digits(1)) s; \((cost / Double(sent) * 1e6).digits(0)) µs of this process a message"
        )
        report("resident afterwards: \(residentMemory() >> 10) KiB")
    }
}

/// A listener that only counts.
final class Heard: SessionListener {
    let name = "heard"
    let count = Mutex(0)

    func hear(_ event: SessionEvent, of session: RunningSession) async {
        if case .message = event { count.withLock { $0 += 1 } }
    }
}

/// Resident memory of this process, in bytes.
func residentMemory() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
}
