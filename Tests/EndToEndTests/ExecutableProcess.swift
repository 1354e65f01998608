import Foundation
import HTTPClient
import Testing

/// The built `wharf`, run as a process of its own with a clean environment and a folder that is removed afterwards.
final class ExecutableProcess {
    struct Exit: Equatable {
        let status: Int32
        let signal: Int32?
    }

    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let folder: URL

    /// Starts the program; what it writes goes to files, so that it never waits for us.
    init(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "wharf-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["stdin", "stdout", "stderr"] {
            try Data((input ?? "").utf8).write(to: folder.appending(path: name))
        }
        try Data().write(to: folder.appending(path: "stdout"))
        try Data().write(to: folder.appending(path: "stderr"))
        process.executableURL = try Self.program
        process.arguments = arguments
        var clean = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "WHARF_SHARE": Self.root.path]
        clean.merge(environment) { _, special in special }
        process.environment = clean
        process.currentDirectoryURL = folder
        process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "stdin"))
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "stdout"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "stderr"))
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The executable beside the test bundle.
    static var program: URL {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let program = URL(filePath: own).deletingLastPathComponent().appending(path: "wharf")
            try #require(FileManager.default.isExecutableFile(atPath: program.path), "\(program.path) is not built")
            return program
        }
    }

    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
    }

    var output: String { text("stdout") }
    var errors: String { text("stderr") }
    var isRunning: Bool { process.isRunning }
    var id: pid_t { process.processIdentifier }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits for its end.
    func exit(within limit: Duration = .seconds(150)) async throws -> Exit {
        try await eventually("it ends", within: limit) { !self.process.isRunning }
        let hasCrashed = process.terminationReason == .uncaughtSignal
        return Exit(
            status: hasCrashed ? -1 : process.terminationStatus,
            signal: hasCrashed ? process.terminationStatus : nil
        )
    }

    /// Waits for a line on standard output that begins so, and returns the rest of it.
    func line(beginning start: String, within limit: Duration = .seconds(150)) async throws -> String {
        var rest = ""
        try await eventually("a line '\(start)'", within: limit) {
            let line = self.output.split(separator: "\n").first { $0.hasPrefix(start) }
            rest = line.map { String($0.dropFirst(start.count)) } ?? ""
            return line != nil || !self.process.isRunning
        }
        guard output.contains(start) else { throw TimedOut(description: "no line '\(start)': \(errors)") }
        return rest
    }

    /// Looks again and again until the condition holds.
    func eventually(
        _ what: String,
        within limit: Duration = .seconds(150),
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            guard .now < deadline else {
                // On one line, so that a summary of failures shows it whole.
                let said = (output + errors).suffix(1500).split(separator: "\n").joined(separator: " | ")
                throw TimedOut(description: "not within \(limit): \(what): \(said)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }
}

/// A server with its data in a folder of its own.
struct ExecutableServer {
    let process: ExecutableProcess
    let url: String
    let sandboxURL: String
    let client: HTTPClient

    /// Starts `wharf serve --sandbox` and waits until it takes connections.
    static func start(data: String, client: HTTPClient, _ more: [String] = []) async throws -> ExecutableServer {
        let process = try ExecutableProcess(
            ["serve", "--sandbox", "--port", "0", "--sandbox-port", "0", "--data", data] + more
        )
        return ExecutableServer(
            process: process,
            url: try await process.line(beginning: "Wharf is at "),
            sandboxURL: try await process.line(beginning: "The sandbox is at "),
            client: client
        )
    }

    func get(_ path: String) async throws -> (status: Int, text: String) {
        let response = try await client.send(HTTPRequest(.get, url + path))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    /// The process of the private database server.
    static func postgres(of data: String) -> pid_t? {
        (try? String(contentsOfFile: data + "/postgres/postmaster.pid", encoding: .utf8))
            .flatMap { $0.split(separator: "\n").first }
            .flatMap { pid_t($0) }
    }
}

/// Lends a data folder's path and an HTTP client, and removes what is left of both.
func withDataFolder(_ body: (String, HTTPClient) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-data-\(UUID().uuidString.prefix(8))")
        .path
    let client = HTTPClient()
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(folder, client))
    } catch {
        result = .failure(error)
    }
    await client.shutdown()
    if let postgres = ExecutableServer.postgres(of: folder) { kill(postgres, SIGQUIT) }
    try? FileManager.default.removeItem(atPath: folder)
    try result.get()
}
