import ArgumentParser
import Database
import Fleet
import Foundation
import Logging
import SignalProtocol
import Synchronization
import WhatsApp

/// Small batches of many sessions, made durable on a PostgreSQL of its own with fsync on.
struct StoreBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Commits small batches of many sessions: batches/s, processor time a batch, and how long one waits."
    )

    @Option(help: "Sessions that write at once.")
    var sessions = 500

    @Option(help: "Batches that each session has under way.")
    var depth = 2

    @Option(help: "Runs of which the median counts.")
    var runs = 5

    @Option(help: "Seconds a run.")
    var seconds = 5

    @Option(help: "Folder with the migrations.")
    var migrations = "migrations"

    func run() async throws {
        Circumstances.current().report()
        report(
            "\(sessions) sessions, \(depth) batches each under way: one ratchet of 600 bytes, one message of 200 bytes"
        )
        report("")
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-store-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let silence = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(configuration: PrivateClusterConfiguration(folder: folder), logger: silence)
        let server = try await cluster.start()
        let database = Database(server: server, logger: silence)
        let commits = Database(server: server, configuration: .commits, logger: silence)
        try await Migrator(files: MigrationFile.all(in: migrations), logger: silence).run(on: database)
        guard let key = MasterKey(SecretBytes([UInt8](repeating: 1, count: 32))) else { throw ExitCode.failure }
        let vault = SessionVault(
            database: database,
            commits: commits,
            masterKeys: MasterKeyring(key),
            worker: .random(),
            logger: silence
        )
        try await vault.announce()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await vault.writer.run() }
            try await measure(vault)
            group.cancelAll()
        }
        await commits.close()
        await database.close()
        await cluster.stop()
    }

    private func measure(_ vault: SessionVault) async throws {
        var ids: [SessionID] = []
        for number in 0..<sessions { ids.append(try await vault.create("benchmark-\(number)").id) }
        let stores = try await vault.open(ids).opened.map(\.store)
        var rates: [Double] = []
        var costs: [Double] = []
        var waits: [Double] = []
        report("batches/s   microseconds of this process a batch   median wait ms   99 % ms")
        for run in 0...runs {
            let load = StoreLoad(stores: stores, depth: depth, run: run)
            let before = processorTime()
            let start = ContinuousClock.now
            load.start()
            try await Task.sleep(for: .seconds(run == 0 ? 1 : seconds))
            await load.stop()
            let time = (ContinuousClock.now - start).seconds
            let cost = (processorTime() - before).seconds
            // The first one only warms up.
            guard run > 0 else { continue }
            let sample = Sample(load.waits)
            let count = Double(load.waits.count)
            rates.append(count / time)
            costs.append(cost / count * 1e6)
            waits.append(sample.quantile(0.99) * 1e3)
            report(
                (count / time).digits(0).padded(to: 12) + (cost / count * 1e6).digits(1).padded(to: 39)
                    + (sample.median * 1e3).digits(1).padded(to: 17) + (sample.quantile(0.99) * 1e3).digits(1)
            )
        }
        report("")
        report(
            "median: \(Sample(rates).median.digits(0)) batches/s, \(Sample(costs).median.digits(1)) microseconds each, "
                + "99 % within \(Sample(waits).median.digits(1)) ms"
        )
    }
}

/// Sessions that each commit the next batch as soon as one is durable.
private final class StoreLoad: Sendable {
    private struct State {
        var waits: [Double] = []
        var running = 0
        var isStopping = false
        var failures = 0
        var ended: CheckedContinuation<Void, Never>?
    }

    private let stores: [PostgresSessionStore]
    private let depth: Int
    private let run: Int
    private let state = Mutex(State())
    private let numbers = Atomic<Int>(0)

    init(stores: [PostgresSessionStore], depth: Int, run: Int) {
        self.stores = stores
        self.depth = depth
        self.run = run
    }

    var waits: [Double] { state.withLock { $0.waits } }

    func start() {
        state.withLock { state in
            state.running = stores.count * depth
            state.waits.reserveCapacity(200_000)
        }
        for index in stores.indices {
            for _ in 0..<depth { commit(index) }
        }
    }

    /// Returns when nothing is under way any more.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                state.isStopping = true
                if state.running > 0 { state.ended = continuation }
                return state.running == 0
            }
            if isOver { continuation.resume() }
        }
    }

    private func commit(_ index: Int) {
        let number = numbers.add(1, ordering: .relaxed).newValue
        let chat = "\(15_550_000_000 + number % 100)@s.whatsapp.net"
        var batch = StoreBatch()
        batch.put(.signalSession, chat, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 600))
        batch.messages.append(
            StoredMessage(
                chat: chat,
                sender: chat,
                id: "3EB0\(run)-\(number)",
                isFromMe: false,
                timestamp: Date(),
                kind: "text",
                pushName: "Ada",
                content: [UInt8](repeating: 7, count: 200)
            )
        )
        let start = ContinuousClock.now
        stores[index].commit(batch) { result in
            let wait = (ContinuousClock.now - start).seconds
            let (goesOn, ended) = self.state.withLock { state in
                state.waits.append(wait)
                if case .failure = result { state.isStopping = true }
                guard state.isStopping else { return (true, nil as CheckedContinuation<Void, Never>?) }
                state.running -= 1
                guard state.running == 0 else { return (false, nil) }
                defer { state.ended = nil }
                return (false, state.ended)
            }
            if goesOn { self.commit(index) }
            ended?.resume()
        }
    }
}
