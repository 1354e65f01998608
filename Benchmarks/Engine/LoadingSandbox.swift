import Foundation
import Glibc
import HTTPClient

/// `wharf sandbox --load` as a process of its own.
final class LoadingSandbox: Sendable {
    struct NotReady: Error {}
    struct Place: Decodable {
        let webSocketURL: String
        let noiseRootKey: String
    }

    let place: Place
    /// PEM.
    let certificate: String
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
        try process.run()
        Self.read(output.fileHandleForReading, into: continuation)
        self.process = ProcessBox(process: process)
        for await line in lines where line.hasPrefix("The credentials of") { break }
        let http = HTTPClient()
        let answer = try await http.send(HTTPRequest(.get, "http://127.0.0.1:\(port)/sandbox"))
        let pem = try await http.send(HTTPRequest(.get, "http://127.0.0.1:\(port)/sandbox/certificate"))
        certificate = String(decoding: pem.body, as: UTF8.self)
        await http.shutdown()
        place = try JSONDecoder().decode(Place.self, from: Data(answer.body))
    }

    /// On a thread of its own: a source of events for a pipe that ends may be called after its end.
    private static func read(_ pipe: FileHandle, into lines: AsyncStream<String>.Continuation) {
        let descriptor = pipe.fileDescriptor
        let thread = Thread {
            defer { withExtendedLifetime(pipe) { lines.finish() } }
            var rest: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(descriptor, &bytes, bytes.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest += bytes[..<count]
                while let end = rest.firstIndex(of: 0x0A) {
                    lines.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeSubrange(...end)
                }
            }
        }
        thread.start()
    }

    func stop() {
        process.process.terminate()
    }
}
