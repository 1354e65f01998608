package import Accounts
internal import Bots
package import Fleet
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
package import Mail
package import NIOCore
package import Outreach
internal import ServiceLifecycle

/// The HTTP server: pages, API, browser sockets.
///
/// Everything from the share folder is read and checked when it is made; serving touches no file.
package struct WebServer: Service {
    /// What the server shows and asks.
    package struct Parts: Sendable {
        package var accounts: AccountsService
        package var generator: SessionGenerator
        /// The sessions whose topics can be followed; nil where none run here.
        package var scheduler: SessionScheduler?
        /// The generator's times and limits, for the pages that name them.
        package var generatorConfiguration: GeneratorConfiguration
        /// What `/ready` asks, in this order; each is given two seconds.
        package var readiness: [ReadinessCheck]
        /// The text of `/metrics`.
        package var metrics: @Sendable () async -> String
        /// With the sandbox in this process: the phones that its buttons move.
        package var phones: (any SimulatedPhones)?
        /// With the sandbox: the folder that mails lie in instead of being sent.
        package var mails: MailFolder?
        /// The bots of this server; nil where there are none.
        package var bots: BotParts?
        /// The short links of accounts; nil where there are none.
        package var links: ShortLinks?

        package init(
            accounts: AccountsService,
            generator: SessionGenerator,
            scheduler: SessionScheduler? = nil,
            generatorConfiguration: GeneratorConfiguration,
            readiness: [ReadinessCheck],
            metrics: @escaping @Sendable () async -> String,
            phones: (any SimulatedPhones)? = nil,
            mails: MailFolder? = nil,
            bots: BotParts? = nil,
            links: ShortLinks? = nil
        ) {
            self.accounts = accounts
            self.generator = generator
            self.scheduler = scheduler
            self.generatorConfiguration = generatorConfiguration
            self.readiness = readiness
            self.metrics = metrics
            self.phones = phones
            self.mails = mails
            self.bots = bots
            self.links = links
        }
    }

    let application: Application<RouterResponder<WebContext>>

    /// `onListening` is told the address, with the port that was found for port 0, before the first connection is taken.
    package init(
        configuration: WebConfiguration,
        share: ShareFolder,
        parts: Parts,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (SocketAddress) async -> Void = { _ in }
    ) throws {
        let tasks = SocketTasks()
        let site = try Site(configuration: configuration, share: share, parts: parts, tasks: tasks)
        let connections = AddressCounter(limit: configuration.connections.connectionsPerAddress)
        let limits = configuration.connections
        let proxies = configuration.proxies
        application = Application(
            router: site.router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionGuard(limits: limits, counter: connections, proxies: proxies), WebSocketSwitch(),
                    ],
                    idleTimeout: limits.idle,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 * 1024,
                        maxHeaderListSize: 32 * 1024,
                        maxHeaderFieldCount: 100
                    )
                )
            ),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)
            ),
            services: [tasks] + [site.watch as (any Service)?].compactMap { $0 },
            onServerRunning: { channel in
                guard let address = channel.localAddress else { return }
                await onListening(address)
            },
            eventLoopGroupProvider: .shared(eventLoopGroup),
            logger: logger
        )
    }

    package func run() async throws {
        try await application.run()
    }
}
