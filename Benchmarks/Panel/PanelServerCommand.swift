import Accounts
import ArgumentParser
import Bots
import Database
import Fleet
import Foundation
import HTTPClient
import Logging
import Mail
import NIOCore
import NIOPosix
import ServiceLifecycle
import SignalProtocol
import UnixSignals
import Web
import WhatsApp

/// What the panel's benchmark tells its server's address by.
struct PanelPlace: Codable, Sendable {
    let port: Int
    /// `name=value` of a browser that is logged in.
    let cookie: String
    let email: String
    let bots: [String]
}

/// The panel with bots that write a line each second, as a process of its own so that nobody else's work counts as its.
struct PanelServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panel-server",
        abstract: "What the benchmark of the panel measures; it starts this by itself.",
        shouldDisplay: false
    )

    @Option(help: "The folder with templates, web, migrations and docs.")
    var share = "."

    @Option(help: "Folder of the database.")
    var data: String

    @Option(help: "Bots of the one account.")
    var bots = 50

    private static let email = "ada@example.com"
    private static let password = "harbour crane at dawn"

    func run() async throws {
        let silence = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(configuration: PrivateClusterConfiguration(folder: data), logger: silence)
        let database = Database(server: try await cluster.start(), logger: silence)
        try await Migrator(files: MigrationFile.all(in: share + "/migrations"), logger: silence).run(on: database)
        let accounts = try accounts(database, silence)
        let (hosting, vault) = try hosting(database, accounts, silence)
        let outcome = try await accounts.register(
            email: Self.email,
            name: "Ada",
            password: Self.password,
            language: .english,
            caller: .console
        )
        guard case .loggedIn(let account, let cookie) = outcome else { throw ExitCode.failure }
        try await hosting.plans.subscribe(account.id, to: "unlimited", until: nil, at: Date())
        let caller = BotCaller(account: account.id, name: account.name, isAdministrator: false)
        var made: [Bot] = []
        for number in 0..<bots {
            made.append(try await hosting.create(NewBot(name: "Bot \(number + 1)"), by: caller))
        }
        let http = HTTPClient()
        let commands = CommandServices(hosting: hosting, registry: try .builtIn(), http: http)
        let parts = BotParts(control: BotControl(services: commands), dataFolder: data)
        try await serve(accounts, parts, vault, database, silence, cookie: cookie.text, made)
        await http.shutdown()
        await database.close()
        await cluster.stop()
    }

    private func serve(
        _ accounts: AccountsService,
        _ parts: BotParts,
        _ vault: SessionVault,
        _ database: Database,
        _ silence: Logger,
        cookie: String,
        _ made: [Bot]
    ) async throws {
        let hosting = parts.hosting
        var configuration = WebConfiguration()
        configuration.port = 0
        configuration.formKey = accounts.formKey
        configuration.callsPerMinute = 10_000_000
        configuration.writesPerMinute = 10_000_000
        configuration.accessLogLevel = .debug
        let web = try WebServer(
            configuration: configuration,
            share: ShareFolder(path: URL(filePath: share).standardizedFileURL.path),
            parts: WebServer.Parts(
                accounts: accounts,
                generator: try generator(database, silence),
                scheduler: hosting.scheduler,
                generatorConfiguration: GeneratorConfiguration(),
                readiness: [],
                metrics: { "" },
                bots: parts
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: silence,
            onListening: { address in
                let place = PanelPlace(
                    port: address.port ?? 0,
                    cookie: "wharf-login=\(cookie)",
                    email: Self.email,
                    bots: made.map { "\($0.id)" }
                )
                report(String(decoding: (try? JSONEncoder().encode(place)) ?? Data(), as: UTF8.self))
            }
        )
        let keeper = HostingService(hosting: hosting, logger: silence)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: ([vault.writer, keeper, hosting.scheduler, web] as [any Service]).map { service in
                    ServiceGroupConfiguration.ServiceConfiguration(service: service)
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: silence
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await write(made, to: hosting) }
            try await group.run()
            tasks.cancelAll()
        }
    }

    /// A line a second for each bot, spread over the second; the text is when it was written.
    private func write(_ bots: [Bot], to hosting: Hosting) async throws {
        let clock = ContinuousClock()
        var due = clock.now
        while !Task.isCancelled {
            for bot in bots {
                due += .seconds(1) / bots.count
                guard (try? await clock.sleep(until: due)) != nil else { return }
                let now = Date()
                hosting.ear.log.write(.info, "\(now.timeIntervalSince1970)", of: bot.id, at: now)
            }
        }
    }

    private func accounts(_ database: Database, _ logger: Logger) throws -> AccountsService {
        var configuration = AccountsConfiguration()
        configuration.settings.needsVerifiedEmail = false
        // The flood is to reach the hashing, which is what holds it; all of it comes from one address here.
        configuration.logins = AttemptLimit(count: 10_000_000, window: .milliseconds(1))
        configuration.loginsInAll = AttemptLimit(count: 10_000_000, window: .milliseconds(1))
        return AccountsService(
            configuration: configuration,
            database: database,
            hasher: try PasswordHasher(
                parameters: Argon2Parameters(memory: 19_456, passes: 2, lanes: 1),
                threads: 1,
                queueLimit: 32
            ),
            keys: AccountKeys(secret: [UInt8](repeating: 3, count: 32)),
            providerClient: ProviderClient(http: HTTPClient()),
            outbox: MailOutbox(
                database: database,
                transport: MailFolder(path: data + "-mails"),
                logger: logger
            ),
            compose: { kind, _, _ in (kind.name, kind.name) },
            logger: logger
        )
    }

    private func hosting(
        _ database: Database,
        _ accounts: AccountsService,
        _ logger: Logger
    ) throws -> (Hosting, SessionVault) {
        guard let key = MasterKey(SecretBytes([UInt8](repeating: 7, count: MasterKey.length))) else {
            throw ExitCode.failure
        }
        let vault = SessionVault(
            database: database,
            commits: database,
            masterKeys: MasterKeyring(key),
            worker: .random(),
            logger: logger
        )
        let ear = FleetEar(database: database, server: "main")
        let scheduler = SessionScheduler(
            vault: vault,
            database: database,
            environment: SessionEnvironment(
                service: try Self.nowhere,
                profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: logger)),
                http: HTTPClient(),
                computePool: .singleton,
                logger: logger
            ),
            eventLoops: MultiThreadedEventLoopGroup.singleton,
            observers: [ear],
            gate: BotGate(database: database),
            logger: logger
        )
        let hosting = Hosting(
            server: "main",
            database: database,
            scheduler: scheduler,
            vault: vault,
            ear: ear,
            access: accounts.access,
            logger: logger
        )
        return (hosting, vault)
    }

    private func generator(_ database: Database, _ logger: Logger) throws -> SessionGenerator {
        try SessionGenerator(
            configuration: GeneratorConfiguration(),
            network: LinkingNetwork(
                service: try Self.nowhere,
                profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: logger)),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                computePool: .singleton
            ),
            database: database,
            addressKey: SecretBytes([UInt8](repeating: 1, count: 32)),
            logger: logger
        )
    }

    /// No session of this benchmark connects.
    private static var nowhere: WhatsAppService {
        get throws {
            try .sandbox(webSocketURL: "ws://127.0.0.1:9/ws/chat", noiseRootKey: [UInt8](repeating: 7, count: 32))
        }
    }
}
