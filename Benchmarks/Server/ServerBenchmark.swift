import ArgumentParser
import Foundation
import HTTPClient

/// The generator and its pages as a browser meets them, over real sockets to a server in another process.
struct ServerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Start-up, time to a QR code and to a session ID, memory of waiting attempts, pages under load."
    )

    @Option(help: "The release build of wharf; the one beside this program when left out.")
    var wharf: String?

    @Option(help: "The folder with templates, web, migrations and docs.")
    var share = "."

    @Option(help: "Attempts that are measured one at a time.")
    var attempts = 200

    @Option(help: "Attempts that are open at once.")
    var open = 200

    func run() async throws {
        Circumstances.current().report()
        let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = wharf ?? own.appending(path: "wharf").path
        let data = FileManager.default.temporaryDirectory.appending(path: "wharf-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: data,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        defer { try? FileManager.default.removeItem(at: data) }
        let client = HTTPClient()
        let share = URL(filePath: share).standardizedFileURL.path

        let first = try await BenchmarkedServer(program: program, share: share, data: data.path, client: client)
        first.stop()
        let server = try await BenchmarkedServer(program: program, share: share, data: data.path, client: client)
        defer { server.stop() }
        report("start to /ready: first \(milliseconds(first.startUp)), next \(milliseconds(server.startUp))")

        let run = GeneratorRun(server: server.address, client: client)
        try await run.oneAtATime(attempts)
        try await run.atOnce(open)
        try await run.linking(min(attempts, 50))
        for path in ["/", "/generate"] {
            try await PageRun(server: server.address, client: client).load(path, perSecond: 200, seconds: 10)
        }
        await client.shutdown()
    }

    private func milliseconds(_ duration: Duration) -> String {
        "\((duration.seconds * 1000).digits(0)) ms"
    }
}

extension Sample {
    /// Median and tail of durations in seconds.
    var inMilliseconds: String {
        "median \((median * 1000).digits(1)) ms, p99 \((quantile(0.99) * 1000).digits(1)) ms, "
            + "worst \((greatest * 1000).digits(1)) ms"
    }
}
