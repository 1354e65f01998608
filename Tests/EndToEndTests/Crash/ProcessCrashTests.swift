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
                let traffic = Traffic(writer: ben)
                var server = try await start(world, data)
                try await link(world, data)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await traffic.run() }
                    for number in 0..<Self.kills {
                        let heard = traffic.echoes.count
                        let more = Int.random(in: 1...40)
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
                let traffic = Traffic(writer: ben)
                let server = try await start(world, data)
                try await link(world, data)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await traffic.run() }
                    for _ in 0..<3 {
                        let heard = traffic.echoes.count
                        let more = Int.random(in: 1...40)
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
        _ traffic: Traffic,
        _ ben: RunningSession,
        _ server: ExecutableProcess,
        _ world: SandboxWorld,
        _ data: String
    ) async throws {
        let last = try await traffic.write("the end")
        let wanted = Set(traffic.texts.map { "echo:" + $0 })
        try await server.eventually("an answer to everything") { Set(traffic.echoes) == wanted }
        server.signal(SIGTERM)
        let exit = try await server.exit()
        #expect(exit == .init(status: 0, signal: nil), "\(server.errors.suffix(2_000))")
        let kept = try await received(data)
        #expect(kept.count == Set(kept).count)
        #expect(Set(kept) == traffic.sent, "kept \(kept.count), sent \(traffic.sent.count)")
        #expect(kept.contains(last))
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

    /// Identifiers of what the stopped server's session has received.
    private func received(_ data: String) async throws -> [String] {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(configuration: PrivateClusterConfiguration(folder: data), logger: logger)
        let database = Database(
            server: try await cluster.start(),
            configuration: PoolConfiguration(size: 1),
            logger: logger
        )
        let rows = try await database.query("SELECT id FROM messages WHERE NOT is_from_me AND NOT is_history")
        let ids = try rows.map { try $0.decode("id", as: String.self) }
        await database.close()
        await cluster.stop()
        return ids
    }
}

/// Somebody writes on and on, not too far ahead of the answers.
private final class Traffic: Sendable {
    private let writer: RunningSession
    private let state: Mutex<State>
    /// Answers that are not there yet.
    private static let ahead = 100

    private struct State {
        var sent: Set<String> = []
        var texts: [String] = []
        var isOver = false
    }

    init(writer: RunningSession) {
        self.writer = writer
        state = Mutex(State())
    }

    /// Identifiers of what the service has taken.
    var sent: Set<String> { state.withLock { $0.sent } }
    var texts: [String] { state.withLock { $0.texts } }
    var echoes: [String] { writer.texts.filter { $0.hasPrefix("echo:") } }

    func stop() {
        state.withLock { $0.isOver = true }
    }

    func run() async throws {
        var number = 0
        while true {
            try await eventually(within: .seconds(300)) { self.isOver || self.mayWrite }
            guard !isOver else { return }
            number += 1
            try await write("message \(number)")
        }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private var mayWrite: Bool {
        let heard = echoes.count
        return state.withLock { $0.sent.count - heard < Self.ahead }
    }

    @discardableResult
    func write(_ text: String) async throws -> String {
        let id = try await writer.send(text, to: JID(user: SandboxWorld.number, server: .user)).id
        state.withLock { state in
            state.sent.insert(id)
            state.texts.append(text)
        }
        return id
    }
}
