import Foundation
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(3)))
struct ExecutableFleetTests {
    private static let number = "15550003333"

    @Test func sessionsComeBackAfterTheServerWasKilled() async throws {
        try await withDataFolder { data, client in
            let sandbox = try ExecutableProcess(["sandbox", "--port", "0"])
            let url = try await sandbox.line(beginning: "The sandbox is at ")
            try await post(url + "/sandbox/phones", ["number": Self.number, "name": "Ada"], client)
            let arguments = ["serve", "--sandbox-url", url, "--port", "0", "--data", data]
            let first = try ExecutableProcess(arguments)
            _ = try await first.line(beginning: "Wharf is at ")
            try await link(data, sandbox: url, client)
            #expect(try await list(data).contains("WORKING"))
            // What WhatsApp does not let the account do, in words.
            let limits = #"{"reachOutLocked":true,"until":4000000000,"newChatsUsed":30,"newChatsTotal":30}"#
            try await post(url + "/sandbox/phones/\(Self.number)/limits", json: limits, client)
            let words = "may not write to strangers until 2096-10-02T07:06:40Z  may begin no new chats (30 of 30)"
            try await first.eventually("the limits") { try await list(data).contains(words) }

            first.signal(SIGKILL)
            _ = try await first.exit()
            let missing = try ExecutableProcess(["session", "list", "--data", data])
            #expect(try await missing.exit() == .init(status: 69, signal: nil))
            #expect(missing.errors.hasPrefix("wharf: no server runs"))

            let second = try ExecutableProcess(arguments)
            _ = try await second.line(beginning: "Wharf is at ")
            try await second.eventually("it works again") { try await list(data).contains("WORKING") }

            let send = try ExecutableProcess(["session", "send", "ada", "+1 555 000 3333", "note", "--data", data])
            #expect(try await send.exit() == .init(status: 0, signal: nil), "\(send.errors)")
            #expect(send.output.hasPrefix("3EB0"))
            let export = try ExecutableProcess(["session", "export", "ada", "--data", data])
            #expect(try await export.exit() == .init(status: 0, signal: nil), "\(export.errors)")
            #expect(export.output.hasPrefix("WHARF~"))
            let stop = try ExecutableProcess(["session", "stop", "ada", "--data", data])
            #expect(try await stop.exit() == .init(status: 0, signal: nil), "\(stop.errors)")
            #expect(try await list(data).contains("STOPPED"))
            let takeIn = try ExecutableProcess(
                ["session", "import", "copy", "-", "--data", data],
                input: export.output
            )
            #expect(try await takeIn.exit() == .init(status: 0, signal: nil), "\(takeIn.errors)")
            let start = try ExecutableProcess(["session", "start", "copy", "--data", data])
            #expect(try await start.exit() == .init(status: 0, signal: nil), "\(start.errors)")
            try await takesFoldersAlong(data)
            let unknown = try ExecutableProcess(["session", "start", "nobody", "--data", data])
            #expect(try await unknown.exit() == .init(status: 1, signal: nil))
            #expect(unknown.errors == "wharf: There is no session of this name.\n")

            second.signal(SIGTERM)
            #expect(try await second.exit() == .init(status: 0, signal: nil), "\(second.errors)")
            sandbox.signal(SIGTERM)
            _ = try await sandbox.exit()
        }
    }

    /// The stopped session moves by a folder, is followed by its log, and is unlinked.
    private func takesFoldersAlong(_ data: String) async throws {
        let folder = data + "-folder"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let busy = try await session(["export", "copy", "--folder", folder + "-no"], data, status: 1)
        try? FileManager.default.removeItem(atPath: folder + "-no")
        #expect(busy.errors.hasPrefix("wharf: "), "\(busy.errors)")
        _ = try await session(["stop", "copy"], data)
        let export = try await session(["export", "ada", "--folder", folder], data)
        #expect(export.output.contains(" files in \(folder)."), "\(export.output)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.contains("creds.json") && files.contains { $0.hasPrefix("pre-key-") })
        _ = try await session(["import", "moved", folder], data)
        let tail = try ExecutableProcess(["session", "tail", "moved", "--data", data])
        try await tail.eventually("where it stands") { tail.output.contains(" STOPPED") }
        _ = try await session(["start", "moved"], data)
        try await tail.eventually("the log") {
            tail.output.contains("info: Logged in.") && tail.output.contains(" WORKING")
        }
        tail.signal(SIGTERM)
        _ = try await tail.exit()
        _ = try await session(["stop", "moved", "--log-out"], data)
        let line = try await list(data).split(separator: "\n").first { $0.hasPrefix("moved ") }
        #expect(line?.contains("STOPPED") == true && line?.contains("logged_out") == true, "\(line ?? "")")
    }

    private func session(_ arguments: [String], _ data: String, status: Int32 = 0) async throws -> ExecutableProcess {
        let run = try ExecutableProcess(["session"] + arguments + ["--data", data])
        #expect(try await run.exit() == .init(status: status, signal: nil), "\(arguments): \(run.errors)")
        return run
    }

    private func link(_ data: String, sandbox: String, _ client: HTTPClient) async throws {
        let start = try ExecutableProcess(["session", "start", "ada", "--new", "--data", data])
        let code = try await start.line(beginning: "https://")
        try await post(sandbox + "/sandbox/phones/\(Self.number)/scan", ["qr": "https://" + code], client)
        #expect(try await start.exit() == .init(status: 0, signal: nil), "\(start.errors)")
    }

    private func list(_ data: String) async throws -> String {
        let list = try ExecutableProcess(["session", "list", "--data", data])
        _ = try await list.exit()
        return list.output
    }

    private func post(_ url: String, _ body: [String: String], _ client: HTTPClient) async throws {
        try await post(url, json: String(decoding: try JSONEncoder().encode(body), as: UTF8.self), client)
    }

    private func post(_ url: String, json: String, _ client: HTTPClient) async throws {
        let type = HTTPHeader("Content-Type", "application/json")
        let response = try await client.send(
            HTTPRequest(.post, url, headers: [type], body: Array(json.utf8))
        )
        try #require((200..<300).contains(response.status), "\(url): \(response.status)")
    }
}
