import Foundation
import HTTPClient
import Testing

@Suite(.serialized, .timeLimit(.minutes(6)))
struct ExecutableServerTests {
    @Test func serverAnswersAndStopsOnASignalAndStartsAgain() async throws {
        try await withDataFolder { data, client in
            let first = try await ExecutableServer.start(data: data, client: client)
            for path in ["/health", "/ready", "/", "/generate"] {
                #expect(try await first.get(path).status == 200, "\(path)")
            }
            let metrics = try await first.get("/metrics")
            #expect(metrics.status == 200)
            #expect(metrics.text.contains("process_resident_memory_bytes "))
            try await stop(first, data: data, with: SIGTERM)
            #expect(first.process.errors.contains("Database migrated"))

            let second = try await ExecutableServer.start(data: data, client: client)
            #expect(try await second.get("/ready").status == 200)
            #expect(!second.process.errors.contains("Database migrated"))
            try await stop(second, data: data, with: SIGINT)
        }
    }

    @Test func secondServerOnTheSameDataOrPortIsRefused() async throws {
        try await withDataFolder { data, client in
            let server = try await ExecutableServer.start(data: data, client: client)
            let sameData = try ExecutableProcess(
                ["serve", "--sandbox", "--port", "0", "--sandbox-port", "0", "--data", data]
            )
            #expect(try await sameData.exit() == .init(status: 69, signal: nil))
            #expect(lastLine(sameData) == "wharf: Another Wharf is running on \(data).")

            try await withDataFolder { other, _ in
                let port = try #require(server.url.split(separator: ":").last)
                let samePort = try ExecutableProcess(
                    ["serve", "--sandbox", "--port", "\(port)", "--sandbox-port", "0", "--data", other]
                )
                #expect(try await samePort.exit() == .init(status: 69, signal: nil))
                #expect(
                    lastLine(samePort) == "wharf: 127.0.0.1:\(port) is in use already; choose another port with --port"
                )
                #expect(ExecutableServer.postgres(of: other) == nil)
            }
            #expect(try await server.get("/ready").status == 200)
            try await stop(server, data: data, with: SIGTERM)
        }
    }

    @Test func killedServerLeavesNothingRunningAndStartsAgain() async throws {
        try await withDataFolder { data, client in
            let server = try await ExecutableServer.start(data: data, client: client)
            let postgres = try #require(ExecutableServer.postgres(of: data))
            server.process.signal(SIGKILL)
            #expect(try await server.process.exit().signal == SIGKILL)
            try await server.process.eventually("PostgreSQL ends") { kill(postgres, 0) != 0 }
            let next = try await ExecutableServer.start(data: data, client: client)
            #expect(try await next.get("/ready").status == 200)
            try await stop(next, data: data, with: SIGTERM)
        }
    }

    @Test func killedDatabaseIsStartedAgain() async throws {
        try await withDataFolder { data, client in
            let server = try await ExecutableServer.start(data: data, client: client)
            let postgres = try #require(ExecutableServer.postgres(of: data))
            kill(postgres, SIGKILL)
            try await server.process.eventually("another PostgreSQL serves") {
                guard let next = ExecutableServer.postgres(of: data), next != postgres else { return false }
                return try await server.get("/ready").status == 200
            }
            #expect(try await server.get("/health").status == 200)
            try await stop(server, data: data, with: SIGTERM)
        }
    }

    @Test func signalWhileStartingEndsItInGoodOrder() async throws {
        try await withDataFolder { data, _ in
            let process = try ExecutableProcess(
                ["serve", "--sandbox", "--port", "0", "--sandbox-port", "0", "--data", data]
            )
            try await process.eventually("the database folder is being made") {
                FileManager.default.fileExists(atPath: data + "/postgres.new") || !process.isRunning
            }
            process.signal(SIGTERM)
            let exit = try await process.exit(within: .seconds(10))
            #expect(exit == .init(status: 0, signal: nil), "\(process.errors)")
            #expect(ExecutableServer.postgres(of: data) == nil)
        }
    }

    @Test func openSocketsDoNotHoldUpTheStop() async throws {
        try await withDataFolder { data, client in
            let server = try await ExecutableServer.start(data: data, client: client)
            let begun = try await client.send(
                HTTPRequest(
                    .post,
                    server.url + "/api/session/generate",
                    headers: [HTTPHeader("Content-Type", "application/json")],
                    body: Array("{\"method\":\"qr\"}".utf8)
                )
            )
            #expect((200..<300).contains(begun.status), "\(String(decoding: begun.body, as: UTF8.self))")
            // A connection that never says anything.
            let port = try #require(UInt16(server.url.split(separator: ":").last ?? ""))
            let silent = try connect(to: port)
            defer { close(silent) }
            try await stop(server, data: data, with: SIGTERM)
        }
    }

    /// Sends the signal, and expects a good end within ten seconds that leaves no database server.
    private func stop(_ server: ExecutableServer, data: String, with signal: Int32) async throws {
        server.process.signal(signal)
        let exit = try await server.process.exit(within: .seconds(10))
        #expect(exit == .init(status: 0, signal: nil), "\(server.process.errors)")
        #expect(ExecutableServer.postgres(of: data) == nil)
    }

    private func lastLine(_ process: ExecutableProcess) -> String? {
        process.errors.split(separator: "\n").last.map(String.init)
    }

    private func connect(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }
}
