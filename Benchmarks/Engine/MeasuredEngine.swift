import ArgumentParser
import Bots
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
            masterKeys: MasterKeyring(key),
            worker: try WorkerID.loadOrCreate(inFolder: places.folder),
            logger: Self.silence
        )
        let digits = Array(places.noiseRootKey)
        let rootKey = stride(from: 0, to: digits.count - 1, by: 2)
            .compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        let versions = ClientVersionSource(pinned: .builtIn, logger: Self.silence)
        environment = SessionEnvironment(
            service: try .sandbox(
                webSocketURL: places.webSocketURL,
                noiseRootKey: rootKey,
                certificate: places.certificate.map { Array($0.utf8) }
            ),
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
            _ = try await connect(empty: 0, count: options.sessions - 1, isFirst: true)
        }
        try await database.execute("UPDATE sessions SET is_wanted = true")
    }

    /// The second life, which is measured.
    func run(_ sandbox: LoadingSandbox) async throws -> EngineFigures {
        try await withWriter {
            let empty = residentMemory()
            report("resident before: \(empty >> 10) KiB")
            return try await connect(
                empty: empty,
                count: options.sessions,
                isFirst: false,
                sandbox: options.seconds > 0 ? sandbox : nil
            )
        }
    }

    private func withWriter<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await vault.announce()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await vault.writer.run() }
            defer { group.cancelAll() }
            return try await body()
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

    private func scheduler(
        listeners: [any SessionListener],
        observers: [any SessionObserver] = []
    ) -> SessionScheduler {
        var configuration = SchedulerConfiguration()
        configuration.startsPerSecond = 1000
        return SessionScheduler(
            configuration: configuration,
            vault: vault,
            database: database,
            environment: environment,
            eventLoops: MultiThreadedEventLoopGroup(numberOfThreads: options.threads),
            listeners: listeners,
            observers: observers,
            logger: Self.silence
        )
    }

    /// One life of the process's sessions: all connected, then perhaps traffic.
    private func connect(
        empty: Int,
        count: Int,
        isFirst: Bool,
        sandbox: LoadingSandbox? = nil
    ) async throws -> EngineFigures {
        var figures = EngineFigures()
        var listeners: [any SessionListener] = []
        if options.listener == .echo { listeners = [EchoListener()] }
        if options.listener == .receive { listeners = [heard] }
        let bots = options.listener == .bots && !isFirst ? try await BotFleet(database: database) : nil
        if let bots { listeners = [bots.inlet, bots.sample] }
        let scheduler = scheduler(listeners: listeners, observers: bots.map { [$0.ear] } ?? [])
        let pipeline = try await bots?.pipeline(scheduler, vault)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let before = processorTime()
            let start = ContinuousClock.now
            if let pipeline { group.addTask { try await pipeline.run() } }
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
            figures.restart = time
            report(
                "\(isFirst ? "first start" : "restart"): \(working) sessions WORKING after \(time.digits(1)) s, "
                    + "\(cost.digits(1)) s of processor time here"
            )
            if !isFirst {
                if sandbox == nil { try await Task.sleep(for: .seconds(5)) }
                let resident = residentMemory()
                let each = Double(resident - empty) / 1024 / Double(options.sessions)
                figures.memory = each
                report("resident with them: \(resident >> 10) KiB, \(each.digits(1)) KiB a session")
            }
            let stickers = options.stickers > 0 ? try StickerRun(folder: places.folder) : nil
            let making = Task { await stickers?.makeOnAndOn(atOnce: options.stickers) ?? [] }
            if let sandbox { try await traffic(sandbox, into: &figures) }
            making.cancel()
            if stickers != nil {
                report("stickers meanwhile, \(options.stickers) at once: \(Sample(await making.value).inMilliseconds)")
            }
            if let bots, let pipeline { try await bots.reportOverhead(pipeline, scheduler, vault) }
            group.cancelAll()
            return figures
        }
    }

    private func traffic(_ sandbox: LoadingSandbox, into figures: inout EngineFigures) async throws {
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
        guard let final = try? JSONDecoder().decode(FinalReport.self, from: Data(last.utf8)), final.sent > 0 else {
            return
        }
        let sent = final.sent
        figures.cost = cost / Double(sent) * 1e6
        figures.loadCost = final.processorTime / Double(sent) * 1e6
        figures.received = final.acknowledgement
        figures.answered = final.echo
        figures.missing =
            options.listener == .echo || options.listener == .bots ? sent - final.echoed : sent - final.acknowledged
        figures.doubled = final.doubled
        report(
            "\(sent) messages in \(time.digits(1)) s; \((cost / Double(sent) * 1e6).digits(0)) µs of this process a message, "
                + "\(figures.loadCost.digits(0)) µs of the load's"
        )
        report("resident afterwards: \(residentMemory() >> 10) KiB")
    }
}

/// A listener that only counts.
final class Heard: SessionListener {
    let name = "heard"
    let count = Mutex(0)

    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        if case .message = event { count.withLock { $0 += 1 } }
    }
}

/// Resident memory of this process, in bytes.
func residentMemory() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
}
