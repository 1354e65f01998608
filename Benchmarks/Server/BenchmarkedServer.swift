import Foundation
import HTTPClient

/// A release build of `wharf serve --sandbox` as a process of its own, in a fresh data folder, without limits on attempts.
final class BenchmarkedServer {
    struct NotReady: Error {}

    /// How to reach it, for everything that runs at the same time.
    struct Address: Sendable {
        let base: String
        let port: Int
        let sandbox: String
        let processIdentifier: Int32

        /// Resident memory of the server's process, in bytes.
        var residentMemory: Int {
            let text = (try? String(contentsOfFile: "/proc/\(processIdentifier)/status", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            return (Int(line.filter(\.isNumber)) ?? 0) * 1024
        }
    }

    let address: Address
    /// From `exec` to the first answer of `/ready`.
    let startUp: Duration
    private let process = Process()

    init(program: String, share: String, data: String, client: HTTPClient, port: Int = 18_910) async throws {
        let base = "http://127.0.0.1:\(port)"
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "serve", "--sandbox", "--port", "\(port)", "--sandbox-port", "\(port + 1)", "--data", data, "--share",
            share,
        ]
        process.environment = [
            "PATH": "/usr/bin:/bin",
            "WHARF_GENERATOR_ATTEMPTS_PER_HOUR": "10000",
            "WHARF_GENERATOR_ATTEMPTS_AT_ONCE": "1000",
            "WHARF_GENERATOR_ATTEMPTS_IN_ALL": "1000",
            "WHARF_API_CALLS_PER_MINUTE": "1000000",
            "WHARF_LOG_LEVEL": "warning",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let clock = ContinuousClock()
        let start = clock.now
        try process.run()
        address = Address(
            base: base,
            port: port,
            sandbox: "http://127.0.0.1:\(port + 1)",
            processIdentifier: process.processIdentifier
        )
        var isReady = false
        while !isReady, process.isRunning, clock.now - start < .seconds(60) {
            isReady = (try? await client.send(HTTPRequest(.get, base + "/ready")).status) == 200
            if !isReady { try await Task.sleep(for: .milliseconds(5)) }
        }
        startUp = clock.now - start
        guard isReady else {
            process.terminate()
            throw NotReady()
        }
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
