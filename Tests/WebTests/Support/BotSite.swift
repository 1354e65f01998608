import Bots
import Database
import Fleet
import HTTPClient
import NIOPosix
import Outreach
import ServiceLifecycle
import SignalProtocol
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Accounts
@testable import Web

/// Bots on a database, whose sessions have nowhere to connect to.
func makeBots(_ database: Database, advance: (@Sendable (Double) async throws -> Void)? = nil) throws -> BotParts {
    let service = try WhatsAppService.sandbox(
        webSocketURL: "ws://127.0.0.1:9/ws/chat",
        noiseRootKey: [UInt8](repeating: 7, count: 32)
    )
    return try makeBots(database, service: service, advance: advance).parts
}

/// Bots on a database, and what has to run for their sessions to connect.
private func makeBots(
    _ database: Database,
    service: WhatsAppService,
    advance: (@Sendable (Double) async throws -> Void)? = nil
) throws -> (parts: BotParts, services: [any Service]) {
    let key = MasterKey(SecretBytes([UInt8](repeating: 7, count: MasterKey.length)))
    guard let key else { throw HostingError.unknownBot }
    let vault = SessionVault(
        database: database,
        commits: database,
        masterKeys: MasterKeyring(key),
        worker: .random(),
        logger: silence
    )
    let ear = FleetEar(database: database, server: "main")
    let scheduler = SessionScheduler(
        vault: vault,
        database: database,
        environment: SessionEnvironment(
            service: service,
            profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: silence)),
            http: sharedHTTP,
            computePool: .singleton,
            logger: silence
        ),
        eventLoops: MultiThreadedEventLoopGroup.singleton,
        observers: [ear],
        gate: BotGate(database: database),
        logger: silence
    )
    let hosting = Hosting(
        server: "main",
        database: database,
        scheduler: scheduler,
        vault: vault,
        ear: ear,
        logger: silence
    )
    let services = CommandServices(hosting: hosting, registry: try .builtIn(), http: sharedHTTP)
    let parts = BotParts(control: BotControl(services: services), dataFolder: "/tmp", advance: advance)
    return (parts, [vault.writer, scheduler])
}

/// Runs a server whose bots connect to a sandbox of its own, with the phone 15550001111.
func withRunningBots(
    _ body: @Sendable (TestSite, AccountsService, SandboxServer) async throws -> Void
) async throws {
    let sandbox = SandboxServer(
        configuration: SandboxConfiguration(port: 0),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: silence
    )
    try await sandbox.start()
    do {
        try await sandbox.createPhone(NewPhone(number: "15550001111"))
        let service = try WhatsAppService.sandbox(
            webSocketURL: sandbox.webSocketURL,
            noiseRootKey: sandbox.noiseRootKey
        )
        try await withTestDatabase { database in
            let made = try makeBots(database, service: service)
            let accounts = try makeAccounts(database) { $0.registrations.count = 100 }
            var configuration = WebConfiguration.test()
            configuration.formKey = accounts.formKey
            let group = ServiceGroup(services: made.services, logger: silence)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                do {
                    try await withSite(accounts: accounts, bots: made.parts, configuration: configuration) { site in
                        try await body(site, accounts, sandbox)
                    }
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    } catch {
        await sandbox.shutdown()
        throw error
    }
    await sandbox.shutdown()
}

/// Never used: no session of these tests asks for anything by HTTP.
private let sharedHTTP = HTTPClient()

/// Bots whose database is away: enough to ask for the routes.
func botsWithoutDatabase() throws -> BotParts {
    let server = try ConnectionString(parsing: "host='/nonexistent' user=nobody dbname=none connect_timeout=1")
    return try makeBots(Database(server: server, configuration: PoolConfiguration(size: 1), logger: silence))
}

/// Links whose database is away: enough to ask for the routes.
func linksWithoutDatabase() throws -> ShortLinks {
    let server = try ConnectionString(parsing: "host='/nonexistent' user=nobody dbname=none connect_timeout=1")
    let database = Database(server: server, configuration: PoolConfiguration(size: 1), logger: silence)
    return ShortLinks(database: database, origin: "https://wharf.example")
}

extension TestSite {
    /// A browser in which an administrator is logged in.
    func administrator(_ accounts: AccountsService) async throws -> PanelBrowser {
        let browser = PanelBrowser(self)
        _ = try await browser.register("root@example.com", name: "Root")
        try await accounts.database.execute("UPDATE accounts SET role = 'admin' WHERE email = 'root@example.com'")
        return browser
    }
}
