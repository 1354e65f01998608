import Accounts
import Bots
import Database
import Fleet
import HTTPClient
import Logging
import Mail
import NIOCore
import NIOPosix
import Observability
import Outreach
import ServiceLifecycle
import Settings
import SignalProtocol
import Web
import WhatsApp
import WhatsAppSandbox

/// Everything that `wharf serve` is made of, put together.
struct ServerProcess: Service {
    let settings: Settings
    let registry: PrometheusRegistry
    private let logger = Logger(label: "wharf")

    /// Serves until a signal comes; also while starting, a signal ends it in good order.
    func runUntilSignal() async throws {
        try await ServiceGroup(services: [self], until: settings.timeouts.shutdown, logger: logger).run()
    }

    func run() async throws {
        let parts: Parts
        do {
            parts = try await cancelWhenGracefulShutdown { try await start() }
        } catch  where Task.isShuttingDownGracefully || error is CancellationError {
            return
        }
        logger.info("Started", metadata: ["version": "\(Wharf.version)"])
        do {
            try await ServiceGroup(services: parts.services, logger: logger).run()
        } catch {
            let server = settings.server
            throw Failure(error, listeningOn: server.host, port: server.port, option: "--port")
        }
        await parts.http.shutdown()
        await parts.hasher.shutdown()
        try await parts.computePool.shutdownGracefully()
        logger.info("Stopped")
    }

    private struct Parts {
        let services: [any Service]
        let computePool: NIOThreadPool
        let hasher: PasswordHasher
        let http: HTTPClient
    }

    /// Makes all parts, each from those before it, and starts what the next one needs running.
    private func start() async throws -> Parts {
        let share = try Places.share(settings.server)
        let dataFolder = try Places.data(settings.server)
        let eventLoops = MultiThreadedEventLoopGroup.singleton

        let store = try await DatabaseStart.open(settings, logger: Logger(label: "database"))
        do {
            _ = try await store.migrate(from: share)
            try Places.make(dataFolder)

            let sandbox = try await startSandbox(eventLoops)
            let refresh = versionRefresh(dataFolder)
            let versions = refresh?.versions ?? ClientVersionSource(pinned: pinnedVersion, logger: logger)
            let computePool = NIOThreadPool(numberOfThreads: System.coreCount)
            computePool.start()
            let configuration = GeneratorConfiguration(settings.generator)
            let service = try await service(sandbox)
            let profile = ClientProfile(settings.client, versions: versions)
            let http = HTTPClient()
            let masterKeys = try MasterKeyring(settings.sessions, dataFolder: dataFolder)
            let hasher = try PasswordHasher(settings.accounts)
            let mails = MailFolder(path: "\(dataFolder)/mails")
            let transport = try settings.mail.transport(else: mails)
            let outbox = MailOutbox(
                database: store.database,
                transport: transport,
                logger: Logger(label: "mail")
            )
            let accounts = AccountsService(
                configuration: AccountsConfiguration(settings),
                database: store.database,
                hasher: hasher,
                keys: AccountKeys(masterKeys),
                providerClient: ProviderClient(http: http),
                outbox: outbox,
                compose: try MailTexts(share: share).composer,
                logger: Logger(label: "accounts")
            )
            try await provideAdministrator(accounts)
            let vault = SessionVault(
                database: store.database,
                commits: store.commits,
                masterKeys: masterKeys,
                worker: try WorkerID.loadOrCreate(inFolder: dataFolder),
                server: settings.bots.serverName,
                logger: Logger(label: "store")
            )
            let clock = MovableClock()
            let time = settings.sandbox.isOn ? clock.source : .system
            let ear = FleetEar(database: store.database, server: settings.bots.serverName, time: time)
            try await ear.load()
            let inlet = PipelineInlet()
            let scheduler = SessionScheduler(
                configuration: SchedulerConfiguration(settings.sessions),
                vault: vault,
                database: store.database,
                environment: SessionEnvironment(
                    service: service,
                    profile: profile,
                    http: http,
                    computePool: computePool,
                    logger: Logger(label: "session"),
                    limits: SessionLimits(settings.sessions)
                ),
                eventLoops: eventLoops,
                listeners: settings.sessions.echoes ? [EchoListener(), inlet] : [inlet],
                observers: [ear],
                gate: BotGate(database: store.database, time: time),
                logger: Logger(label: "scheduler")
            )
            let hosting = Hosting(
                server: settings.bots.serverName,
                database: store.database,
                scheduler: scheduler,
                vault: vault,
                ear: ear,
                access: accounts.access,
                time: time,
                logger: Logger(label: "bots")
            )
            var services = CommandServices(
                hosting: hosting,
                registry: try CommandRegistry.builtIn(),
                http: http,
                time: time,
                folder: try Places.scratch(in: dataFolder)
            )
            services.tools = BotTools(settings.tools, http: http)
            services.door = SendDoor(configuration: .init(settings.bots), database: store.database, time: time)
            let links = ShortLinks(database: store.database, origin: accounts.configuration.address)
            services.tools.links = AccountLinks(links: links)
            let pipeline = BotPipeline(services: services, logger: Logger(label: "bots"))
            inlet.attach(pipeline)
            let keeper = HostingService(
                configuration: HostingConfiguration(settings.bots),
                hosting: hosting,
                settings: { await accounts.panelSettingsOrLast() },
                mail: try BotMail(share: share, accounts: accounts, transport: transport),
                logger: Logger(label: "bots")
            )
            let control = ControlServer(
                path: "\(dataFolder)/\(ControlSocket.fileName)",
                scheduler: scheduler,
                logger: Logger(label: "control")
            )
            let generator = try SessionGenerator(
                configuration: configuration,
                network: LinkingNetwork(
                    service: service,
                    profile: profile,
                    eventLoopGroup: eventLoops,
                    computePool: computePool
                ),
                database: store.database,
                addressKey: try AddressKey.loadOrCreate(inFolder: dataFolder),
                logger: Logger(label: "generator")
            )
            let web = try WebServer(
                configuration: WebConfiguration(settings, formKey: accounts.formKey),
                share: share,
                parts: WebServer.Parts(
                    accounts: accounts,
                    generator: generator,
                    scheduler: scheduler,
                    generatorConfiguration: configuration,
                    readiness: [ReadinessCheck("database") { try await store.database.ping() }],
                    metrics: { [registry] in registry.render() },
                    phones: sandbox.map(SandboxPhones.init),
                    mails: settings.sandbox.isOn && settings.mail.server == nil ? mails : nil,
                    bots: BotParts(
                        control: BotControl(services: pipeline.services),
                        dataFolder: dataFolder,
                        advance: settings.sandbox.isOn ? clock.advancing(keeper) : nil
                    ),
                    links: links
                ),
                eventLoopGroup: eventLoops,
                logger: Logger(label: "web"),
                onListening: { await announce($0, sandbox: sandbox, accounts: accounts) }
            )
            // In the order of dependence; they are stopped in the opposite one.
            let rest: [(any Service)?] = [
                sandbox, refresh, outbox, accounts, vault.writer, keeper, pipeline, scheduler, generator, control, web,
            ]
            return Parts(
                services: store.services + rest.compactMap { $0 },
                computePool: computePool,
                hasher: hasher,
                http: http
            )
        } catch {
            await store.close()
            throw error
        }
    }

    /// Makes the administrator that the environment names; a weak password stops the start.
    private func provideAdministrator(_ accounts: AccountsService) async throws {
        guard let email = settings.accounts.administratorEmail else { return }
        guard let password = settings.accounts.administratorPassword else {
            throw Failure("ADMIN_USERNAME: ADMIN_PASSWORD must be set too", status: .configuration)
        }
        do {
            let isNew = try await accounts.provideAdministrator(email: email, password: password.reveal())
            if isNew { logger.info("The administrator of the settings was made") }
        } catch let error as AccountsError {
            let name =
                switch error {
                case .weakPassword: "ADMIN_PASSWORD"
                default: "ADMIN_USERNAME"
                }
            throw Failure("\(name): \(error.message)", status: .configuration)
        }
    }

    private func startSandbox(_ eventLoops: any EventLoopGroup) async throws -> SandboxServer? {
        guard settings.sandbox.isOn else { return nil }
        let sandbox = SandboxServer(
            configuration: SandboxConfiguration(settings.sandbox),
            eventLoopGroup: eventLoops,
            logger: Logger(label: "sandbox")
        )
        do {
            try await sandbox.start()
        } catch {
            let place = settings.sandbox
            throw Failure(error, listeningOn: place.host, port: place.port, option: "--sandbox-port")
        }
        return sandbox
    }

    private func service(_ sandbox: SandboxServer?) async throws -> WhatsAppService {
        guard let sandbox else {
            guard let url = settings.sandbox.url else { return try .production() }
            let remote = try await RemoteService.find(sandboxURL: url, settings: settings.client, logger: logger)
            return remote.service
        }
        return try .sandbox(webSocketURL: sandbox.webSocketURL, noiseRootKey: sandbox.noiseRootKey)
    }

    /// The sandbox takes any version, and a configured one is not changed.
    private func versionRefresh(_ dataFolder: String) -> VersionRefresh? {
        guard !settings.sandbox.isOn, settings.sandbox.url == nil, settings.client.version == nil else { return nil }
        return VersionRefresh(rememberedIn: "\(dataFolder)/client-version", logger: Logger(label: "whatsapp"))
    }

    private var pinnedVersion: ClientVersion {
        settings.client.version.flatMap { ClientVersion($0) } ?? .builtIn
    }

    @Sendable
    private func announce(_ address: SocketAddress, sandbox: SandboxServer?, accounts: AccountsService) async {
        let host = settings.server.host.contains(":") ? "[\(settings.server.host)]" : settings.server.host
        let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "[::]" ? "[::1]" : host
        let listening = "http://\(reachable):\(address.port ?? settings.server.port)"
        Terminal.say("Wharf is at \(settings.server.publicURL ?? listening)")
        if let sandbox, let page = try? sandbox.httpURL { Terminal.say("The sandbox is at \(page)") }
        do {
            if let path = try await accounts.setUpPath() {
                let origin = settings.server.publicURL ?? listening
                Terminal.say("Nobody administers this server yet. Open once: \(origin)\(path)")
            }
        } catch {
            logger.warning("The set-up link could not be made", metadata: ["error": "\(error)"])
        }
    }
}
