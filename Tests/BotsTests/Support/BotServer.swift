import Database
import Fleet
import Foundation
import HTTPClient
import Logging
import NIOPosix
import ServiceLifecycle
import SignalProtocol
import Synchronization
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

/// A database, a sandbox and everything that runs bots, shared by the tests of commands: starting it takes a second.
///
/// Each test makes a bot, phones and groups of its own by ``BotWorld/run(_:_:)``. It ends with the process.
struct BotServer: Sendable {
    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let database: Database
    let sandbox: SandboxServer
    let hosting: Hosting
    let pipeline: BotPipeline
    let services: CommandServices
    let http: HTTPClient
    let tools: TestTools
    private let numbers = Numbers()

    private final class Numbers: Sendable {
        private let next = Atomic<Int>(15_550_100_000)

        func take() -> String { String(next.add(1, ordering: .relaxed).oldValue) }
    }

    // Shared across the process; a task of its own, so that the cancellation of one test does not end it for others.
    private static let starting = Task { try await BotServer() }

    static func shared() async throws -> BotServer {
        try await starting.value
    }

    private init() async throws {
        let made = try await TestDatabase.make(
            configuration: PoolConfiguration(size: 8, acquireTimeLimit: .seconds(60), statementTimeLimit: .seconds(30))
        )
        database = made.database
        sandbox = SandboxServer(
            configuration: SandboxConfiguration(port: 0),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Self.silence
        )
        try await sandbox.start()
        http = HTTPClient()
        guard let key = MasterKey(SecretBytes([UInt8](repeating: 7, count: MasterKey.length))) else {
            throw HostingError.notAllowed
        }
        let vault = SessionVault(
            database: database,
            commits: database,
            masterKeys: MasterKeyring(key),
            worker: .random(),
            server: "main",
            logger: Self.silence
        )
        let ear = FleetEar(database: database, server: "main")
        let inlet = PipelineInlet()
        let scheduler = SessionScheduler(
            vault: vault,
            database: database,
            environment: SessionEnvironment(
                service: try .sandbox(webSocketURL: sandbox.webSocketURL, noiseRootKey: sandbox.noiseRootKey),
                profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: Self.silence)),
                http: http,
                computePool: .singleton,
                logger: Self.silence
            ),
            eventLoops: MultiThreadedEventLoopGroup.singleton,
            listeners: [inlet],
            observers: [ear],
            gate: BotGate(database: database),
            logger: Self.silence
        )
        hosting = Hosting(
            server: "main",
            database: database,
            scheduler: scheduler,
            vault: vault,
            ear: ear,
            logger: Self.silence
        )
        var services = CommandServices(
            hosting: hosting,
            registry: try CommandRegistry(CommandRegistry.builtIn().commands + TestCommands.all),
            http: http
        )
        services.asksPublicOnly = false
        var door = SendDoor.Configuration()
        door.pause = .zero
        services.door = SendDoor(configuration: door, database: database)
        tools = try await TestTools.make(http: http)
        services.tools = tools.tools
        self.services = services
        pipeline = BotPipeline(services: services, logger: Self.silence)
        inlet.attach(pipeline)
        let group = ServiceGroup(services: [vault.writer, pipeline, scheduler], logger: Self.silence)
        Task.detached { try await group.run() }
    }

    func newNumber() -> String { numbers.take() }
}
