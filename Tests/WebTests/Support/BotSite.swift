import Bots
import Database
import Fleet
import HTTPClient
import NIOPosix
import Outreach
import SignalProtocol
import WhatsApp

@testable import Accounts
@testable import Web

/// Bots on a database, whose sessions have nowhere to connect to.
func makeBots(_ database: Database, advance: (@Sendable (Double) async throws -> Void)? = nil) throws -> BotParts {
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
            service: try .sandbox(
                webSocketURL: "ws://127.0.0.1:9/ws/chat",
                noiseRootKey: [UInt8](repeating: 7, count: 32)
            ),
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
    return BotParts(control: BotControl(services: services), dataFolder: "/tmp", advance: advance)
}

/// Never used: no session of these tests gets as far as the network.
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
