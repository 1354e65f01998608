import Database
import Foundation
import HTTPClient
import Logging
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

/// The server's process, or its database's, killed under traffic.
///
/// `WHARF_KILLS` says how often; `scripts/crash-test` sets it.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct ProcessCrashTests {
    private static let kills = ProcessInfo.processInfo.environment["WHARF_KILLS"].flatMap { Int($0) } ?? 10

    @Test func killedServersLoseNothing() async throws {
        try await SandboxWorld.run { world in
            let ben = try await world.person("15550002222", name: "Ben")
            try await withDataFolder { data, _ in
                let traffic = try await CrashTraffic.begin(in: world, by: ben)
                var server = try await start(world, data)
                try await link(world, data)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await traffic.run() }
                    for number in 0..<Self.kills {
                        let heard = traffic.echoes.count
                        let more = Int.random(in: 1...40)
                        try await traffic.strangerWrites()
                        try await server.eventually("echoes") { traffic.echoes.count >= heard + more }
                        // The database goes first every third time: what is being written then is cut in the middle.
                        if number % 3 == 2, let postgres = ExecutableServer.postgres(of: data) {
                            kill(postgres, SIGKILL)
                        }
                        server.signal(SIGKILL)
                        #expect(try await server.exit().signal == SIGKILL)
                        server = try await start(world, data)
                    }
                    traffic.stop()
                    try await group.waitForAll()
                }
                try await check(traffic, ben, server, world, data)
            }
            await ben.session.stop()
        }
    }

    /// The database dies and the server lives on: nobody has to scan or start anything.
    @Test func aDatabaseThatIsKilledAloneLosesNothing() async throws {
        try await SandboxWorld.run { world in
            let ben = try await world.person("15550002222", name: "Ben")
            try await withDataFolder { data, _ in
                let traffic = try await CrashTraffic.begin(in: world, by: ben)
                let server = try await start(world, data)
                try await link(world, data)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await traffic.run() }
                    for _ in 0..<max(3, Self.kills / 3) {
                        let heard = traffic.echoes.count
                        let more = Int.random(in: 1...40)
                        try await traffic.strangerWrites()
                        try await server.eventually("echoes") { traffic.echoes.count >= heard + more }
                        let postgres = try #require(ExecutableServer.postgres(of: data))
                        kill(postgres, SIGKILL)
                        try await server.eventually("another database") {
                            ExecutableServer.postgres(of: data).map { $0 != postgres } ?? false
                        }
                    }
                    traffic.stop()
                    try await group.waitForAll()
                }
                try await check(traffic, ben, server, world, data)
            }
            await ben.session.stop()
        }
    }

    /// Stops the server, and looks at what it has kept and answered.
    private func check(
        _ traffic: CrashTraffic,
        _ ben: RunningSession,
        _ server: ExecutableProcess,
        _ world: SandboxWorld,
        _ data: String
    ) async throws {
        let last = try await traffic.write("the end")
        let wanted = traffic.wanted
        try await server.eventually("an answer to everything") { Set(traffic.echoes) == wanted }
        try await traffic.strangersAreAnswered()
        #expect(try await traffic.strangerAnswers().allSatisfy { $0 == 1 })
        try await traffic.preKeysAreBack()
        server.signal(SIGTERM)
        let exit = try await server.exit()
        #expect(exit == .init(status: 0, signal: nil), "\(server.errors.suffix(2_000))")
        let (kept, pending) = try await stored(data)
        #expect(pending == 0, "nothing stands as if it were still on its way")
        let ids = kept.map(\.id)
        let sent = Set(traffic.sent.keys)
        #expect(ids.count == Set(ids).count)
        #expect(Set(ids) == sent, "kept \(ids.count), sent \(sent.count)")
        #expect(ids.contains(last))
        #expect(kept.contains { $0.kind == "image" } && kept.contains { $0.chat == traffic.group.description })
        let echoes = traffic.echoes
        #expect(Set(echoes).count == echoes.count, "no echo twice")
        #expect(await ben.session.counters.decryptFailures == 0)
        let devices = try await world.sandbox.devices(of: SandboxWorld.number)
        #expect(devices.map(\.device) == [1], "nobody had to scan again")
    }

    private func start(_ world: SandboxWorld, _ data: String) async throws -> ExecutableProcess {
        let server = try ExecutableProcess(
            ["serve", "--sandbox-url", world.sandbox.httpURL, "--port", "0", "--data", data],
            environment: ["WHARF_SESSION_ECHO": "true"]
        )
        _ = try await server.line(beginning: "Wharf is at ")
        return server
    }

    private func link(_ world: SandboxWorld, _ data: String) async throws {
        let command = try ExecutableProcess(["session", "start", "one", "--new", "--data", data])
        var qr: String?
        try await command.eventually("a QR code") {
            qr = command.output.split(separator: "\n").map(String.init).last { $0.count { $0 == "," } >= 3 }
            return qr != nil || !command.isRunning
        }
        _ = try await world.sandbox.scan(try #require(qr, "\(command.errors)"), with: SandboxWorld.number)
        #expect(try await command.exit() == .init(status: 0, signal: nil))
    }

    private struct Kept {
        let id: String
        let chat: String
        let kind: String
    }

    /// What the stopped server's session has received, and how many own messages have no outcome.
    private func stored(_ data: String) async throws -> ([Kept], pending: Int) {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(configuration: PrivateClusterConfiguration(folder: data), logger: logger)
        let database = Database(
            server: try await cluster.start(),
            configuration: PoolConfiguration(size: 1),
            logger: logger
        )
        let rows = try await database.query(
            "SELECT id, chat, kind FROM messages WHERE NOT is_from_me AND NOT is_history"
        )
        let kept = try rows.map {
            Kept(id: try $0.decode("id"), chat: try $0.decode("chat"), kind: try $0.decode("kind"))
        }
        let pending: Int? = try await database.queryOne(
            "SELECT count(*) AS count FROM messages WHERE is_from_me AND status = 2"
        )?.decode("count")
        await database.close()
        await cluster.stop()
        return (kept, pending ?? 0)
    }
}
