import CoreMetrics
import Database
import Logging
import Synchronization
import Testing
import WharfTestSupport

struct MetricsTests {
    @Test func thePoolReportsWhatItDoes() async throws {
        let test = try await TestDatabase.make()
        let recorder = Recorder()
        let database = Database(
            server: test.connectionString,
            configuration: PoolConfiguration(size: 1, acquireTimeLimit: .seconds(20)),
            logger: Logger(label: "tests"),
            metrics: recorder
        )
        try await database.ping()
        #expect(recorder.last("database.connections.idle") == 1)
        #expect(recorder.last("database.connections.in_use") == 0)
        #expect(recorder.count("database.query.duration") == 1)
        _ = try? await database.execute("SELEKT 1")
        #expect(recorder.count("database.errors class=other") == 1)
        async let first = database.execute("SELECT pg_sleep(0.05)")
        async let second = database.execute("SELECT pg_sleep(0.05)")
        _ = try await (first, second)
        #expect(recorder.count("database.waits") == 1)
        #expect(recorder.count("database.wait.duration") == 1)
        await database.close()
        #expect(recorder.last("database.connections.idle") == 0)
        try await test.drop()
    }
}

/// Keeps everything that is reported, by label and dimensions.
private final class Recorder: MetricsFactory {
    private final class Series: CounterHandler, RecorderHandler, TimerHandler {
        let values = Mutex<[Double]>([])
        func increment(by amount: Int64) { values.withLock { $0.append(Double(amount)) } }
        func reset() { values.withLock { $0 = [] } }
        func record(_ value: Int64) { values.withLock { $0.append(Double(value)) } }
        func record(_ value: Double) { values.withLock { $0.append(value) } }
        func recordNanoseconds(_ duration: Int64) { values.withLock { $0.append(Double(duration)) } }
    }

    private let series = Mutex<[String: Series]>([:])

    func last(_ name: String) -> Double? {
        series.withLock { $0[name] }?.values.withLock { $0.last }
    }

    func count(_ name: String) -> Int {
        series.withLock { $0[name] }?.values.withLock { $0.count } ?? 0
    }

    private func series(_ label: String, _ dimensions: [(String, String)]) -> Series {
        let name = ([label] + dimensions.map { "\($0.0)=\($0.1)" }).joined(separator: " ")
        return series.withLock { series in
            let found = series[name] ?? Series()
            series[name] = found
            return found
        }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { series(label, dimensions) }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions)
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { series(label, dimensions) }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
