import Foundation
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(4)))
struct ExecutableSessionTests {
    private let number = "15550002222"

    @Test func qrInTheTerminalIsScannedAndGivesASessionID() async throws {
        try await withSandbox { sandbox, url, client in
            let run = try ExecutableProcess(["session", "new", "--sandbox-url", url, "--prefix", "Dock"])
            var qr: String?
            try await run.eventually("a QR code is drawn") {
                qr = try scan(run.errors)
                return qr != nil || !run.isRunning
            }
            try await post(url + "/sandbox/phones/\(number)/scan", ["qr": #require(qr)], client)
            #expect(try await run.exit() == .init(status: 0, signal: nil), "\(run.errors)")
            #expect(run.output.wholeMatch(of: /Dock~[A-Za-z0-9+\/=]+\n/) != nil)
            try await expectDescription(of: run.output)
            #expect(sandbox.isRunning)
        }
    }

    @Test func codeIsEnteredAtThePhoneAndTheFileIsPrivate() async throws {
        try await withSandbox { _, url, client in
            let file = FileManager.default.temporaryDirectory.appending(path: "wharf-id-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            let arguments = [
                "session", "new", "--sandbox-url", url, "--phone", "+1 555 000 2222", "--format", "creds.json",
                "--output", file,
            ]
            let run = try ExecutableProcess(arguments)
            var code: String?
            try await run.eventually("a code is shown") {
                code = run.errors.firstMatch(of: /Enter this code: (\w{4})-(\w{4})/).map {
                    "\($0.output.1)\($0.output.2)"
                }
                return code != nil || !run.isRunning
            }
            try await post(url + "/sandbox/phones/\(number)/link", ["code": #require(code)], client)
            #expect(try await run.exit() == .init(status: 0, signal: nil), "\(run.errors)")
            #expect(run.output.isEmpty)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try await expectDescription(of: String(contentsOfFile: file, encoding: .utf8))

            let again = try ExecutableProcess(arguments)
            #expect(try await again.exit() == .init(status: 1, signal: nil))
            #expect(again.errors == "wharf: \(file) exists already\n")
        }
    }

    @Test func addressWithoutASandboxIsOneLine() async throws {
        let run = try ExecutableProcess(["session", "new", "--sandbox-url", "http://127.0.0.1:1"])
        #expect(try await run.exit() == .init(status: 69, signal: nil))
        #expect(run.errors.wholeMatch(of: /wharf: there is no sandbox at [^\n]+\n/) != nil, "\(run.errors)")
    }

    @Test func secondSandboxOnTheSamePortIsRefused() async throws {
        try await withSandbox { _, url, _ in
            let port = try #require(url.split(separator: ":").last)
            let run = try ExecutableProcess(["sandbox", "--port", "\(port)"])
            #expect(try await run.exit() == .init(status: 69, signal: nil))
            #expect(run.errors == "wharf: 127.0.0.1:\(port) is in use already; choose another port with --port\n")
        }
    }

    /// `session inspect` says whose it is, and gives none of the keys away.
    private func expectDescription(of sessionID: String) async throws {
        let inspect = try ExecutableProcess(["session", "inspect", "-"], input: sessionID)
        #expect(try await inspect.exit() == .init(status: 0, signal: nil), "\(inspect.errors)")
        #expect(inspect.output.contains("number    \(number):1@s.whatsapp.net\n"), "\(inspect.output)")
        #expect(inspect.output.firstMatch(of: /[A-Za-z0-9+\/]{40}/) == nil, "\(inspect.output)")
    }

    private func withSandbox(_ body: (ExecutableProcess, String, HTTPClient) async throws -> Void) async throws {
        let sandbox = try ExecutableProcess(["sandbox", "--port", "0"])
        let url = try await sandbox.line(beginning: "The sandbox is at ")
        let client = HTTPClient()
        let result: Result<Void, any Error>
        do {
            try await post(url + "/sandbox/phones", ["number": number, "name": "Ada"], client)
            result = .success(try await body(sandbox, url, client))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        sandbox.signal(SIGTERM)
        #expect(try await sandbox.exit(within: .seconds(10)) == .init(status: 0, signal: nil))
        try result.get()
    }

    private func post(_ url: String, _ body: [String: String], _ client: HTTPClient) async throws {
        let type = HTTPHeader("Content-Type", "application/json")
        let response = try await client.send(
            HTTPRequest(.post, url, headers: [type], body: Array(JSONEncoder().encode(body)))
        )
        let answer = String(decoding: response.body, as: UTF8.self)
        try #require((200..<300).contains(response.status), "\(url): \(response.status) \(answer)")
    }

    /// Reads the QR code that is drawn in block characters, as a camera would.
    private func scan(_ text: String) throws -> String? {
        let rows = text.split(separator: "\n").filter { !$0.isEmpty && $0.allSatisfy { "█▀▄ ".contains($0) } }
        guard let width = rows.first?.count, rows.count > 20 else { return nil }
        let scale = 4
        var picture = "P1\n\(width * scale) \(rows.count * 2 * scale)\n"
        for row in rows {
            for light in ["█▀", "█▄"] {
                let line = row.map { String(repeating: light.contains($0) ? "0 " : "1 ", count: scale) }.joined() + "\n"
                picture += String(repeating: line, count: scale)
            }
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "wharf-qr-\(UUID().uuidString).pbm")
        try Data(picture.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let reader = Process()
        reader.executableURL = URL(filePath: "/usr/bin/zbarimg")
        reader.arguments = ["--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", file.path]
        let output = Pipe()
        reader.standardOutput = output
        reader.standardError = FileHandle.nullDevice
        try reader.run()
        let read = try output.fileHandleForReading.readToEnd() ?? Data()
        reader.waitUntilExit()
        let found = String(decoding: read, as: UTF8.self).trimmingCharacters(in: .newlines)
        return found.isEmpty ? nil : found
    }
}
