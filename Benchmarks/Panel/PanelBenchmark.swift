import ArgumentParser
import Foundation
import HTTPClient

/// The panel as many people use it at once, over real sockets to a server in another process.
struct PanelBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panel",
        abstract: "The dashboard under load, pages during a flood of logins, and log lines to many browsers."
    )

    @Option(help: "The folder with templates, web, migrations and docs.")
    var share = "."

    @Option(help: "Bots on the dashboard, each of which writes a line a second.")
    var bots = 50

    @Option(help: "Browsers that follow a log.")
    var browsers = 1_000

    @Option(help: "Seconds a measurement.")
    var seconds = 20

    func run() async throws {
        Circumstances.current().report()
        let data = FileManager.default.temporaryDirectory.appending(path: "wharf-panel-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        let client = HTTPClient(limit: 4_096)
        let server = try PanelProcess(share: share, data: data, bots: bots)
        defer { server.stop() }
        let base = "http://127.0.0.1:\(server.place.port)"
        let cookie = HTTPHeader("Cookie", server.place.cookie)

        let pages = PageLoad(base: base, client: client)
        // Once, so that templates, connections and statements are warm.
        _ = try await pages.measure("/dashboard", [cookie], perSecond: 20, seconds: 2)
        let dashboard = try await pages.measure("/dashboard", [cookie], perSecond: 100, seconds: seconds)
        report("/dashboard with \(bots) bots, 100 requests/s for \(seconds) s: \(dashboard.inMilliseconds)")

        let crowd = HTTPClient(limit: 4_096)
        let flood = LoginFlood(base: base, email: server.place.email, client: crowd)
        let during = try await flood.run(during: {
            try await pages.measure("/", [], perSecond: 100, seconds: seconds)
        })
        await crowd.shutdown()
        report("/ during a flood of logins: \(during.value.inMilliseconds)")
        report("  logins meanwhile: \(during.checked) checked, \(during.turnedAway) turned away (503)")

        let logs = LogWatchers(place: server.place)
        let figures = try await logs.run(browsers, seconds: seconds, processorTime: { server.processorTime })
        report("\(browsers) browsers, each with a line a second: \(figures.lines) lines in \(seconds) s")
        report("  processor time of the server: \((figures.share * 100).digits(1)) % of one core")
        report("  line from bot to browser: \(figures.delays.inMilliseconds)")
        await client.shutdown()
    }
}

/// The server under measurement.
final class PanelProcess {
    struct NotReady: Error {}

    let place: PanelPlace
    private let process = Process()

    init(share: String, data: String, bots: Int) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["panel-server", "--share", share, "--data", data, "--bots", "\(bots)"]
        process.standardOutput = output
        try process.run()
        var bytes = Data()
        while !bytes.contains(UInt8(ascii: "\n")) {
            let chunk = output.fileHandleForReading.availableData
            guard !chunk.isEmpty else { throw NotReady() }
            bytes += chunk
        }
        place = try JSONDecoder().decode(PanelPlace.self, from: bytes)
    }

    /// What the process has used so far, the database's processes not counted.
    var processorTime: Duration {
        let path = "/proc/\(process.processIdentifier)/stat"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        // After the name, which may hold blanks: the 12th and 13th are user and system time in ticks.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else { return .zero }
        return .milliseconds((user + system) * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
