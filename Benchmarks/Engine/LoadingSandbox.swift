import Foundation
import HTTPClient
import Synchronization

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
        let pem = try await http.send(HTTPRequest(.get, "http://127.0.0.1:\(port)/sandbox/certificate"))
        certificate = String(decoding: pem.body, as: UTF8.self)
        await http.shutdown()
        place = try JSONDecoder().decode(Place.self, from: Data(answer.body))
    }

    func stop() {
        process.process.terminate()
    }
}
