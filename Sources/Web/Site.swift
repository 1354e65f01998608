internal import Accounts
internal import HTTPTypes
internal import Hummingbird

/// All routes, and the middleware in front of them.
struct Site {
    private let configuration: WebConfiguration
    private let pages: PageRenderer
    let routes: [Route]
    private let origins: OriginPolicy
    private let gate: Gate
    private let repeatedCalls: RepeatedCalls
    /// Looks at the machine for the pages of its administrators; nil where no bots run.
    let watch: SystemWatch?

    init(configuration: WebConfiguration, share: ShareFolder, parts: WebServer.Parts, tasks: SocketTasks) throws {
        self.configuration = configuration
        watch = parts.bots.map { SystemWatch(hosting: $0.hosting, folder: $0.dataFolder) }
        let assets = try AssetStore(share: share)
        pages = try PageRenderer(
            share: share,
            assets: assets,
            isSandbox: configuration.isSandbox,
            version: configuration.version
        )
        origins = OriginPolicy(publicURL: configuration.publicURL, corsOrigins: configuration.corsOrigins)
        let operations = OperationsRoutes(
            checks: parts.readiness,
            metrics: parts.metrics,
            metricsReaders: configuration.metricsReaders,
            proxies: configuration.proxies
        )
        let navigation = try Navigation(share: share)
        let manual = try Manual(share: share, navigation: navigation, renderer: pages)
        let description = try OpenAPIDocument(share: share, navigation: navigation, renderer: pages)
        let home = CachedPage(of: .home, with: pages) { HomePage($0) }
        let isHTTPS = configuration.publicURL?.scheme == "https"
        let desk = parts.phones.map(SandboxDesk.init)
        let accounts = parts.accounts
        let tokens = FormTokens(key: configuration.formKey, isHTTPS: isHTTPS)
        let cookie = LoginCookie(isHTTPS: isHTTPS, lifetime: accounts.configuration.browserLifetime)
        let sockets = SocketRoutes(
            sources: Self.topics(parts) + Self.botTopics(parts, watch),
            limits: configuration.sockets,
            origins: origins,
            tasks: tasks,
            accounts: accounts,
            cookie: cookie
        )
        repeatedCalls = RepeatedCalls(accounts: accounts)
        gate = Gate(
            accounts: accounts,
            cookie: cookie,
            tokens: tokens,
            origins: origins,
            callsPerMinute: configuration.callsPerMinute,
            writesPerMinute: configuration.writesPerMinute
        )
        let panel = PanelPages(pages: pages, tokens: tokens, accounts: accounts)
        let generatorPages = GeneratorPages(
            generator: parts.generator,
            origins: origins,
            tokens: tokens,
            pages: pages,
            limits: parts.generatorConfiguration,
            sandbox: desk
        )
        let generatorAPI = GeneratorAPI(generator: parts.generator, origins: origins, sandbox: desk)
        routes =
            [.get("/", .open) { request, _ in try home.response(to: request) }]
            + AssetRoutes(assets: assets).routes
            + manual.routes
            + description.routes
            + generatorPages.routes
            + generatorAPI.routes
            + Self.sandboxRoutes(parts, origins, desk)
            + operations.routes
            + sockets.routes
            + LoginPages(
                accounts: accounts,
                panel: panel,
                cookie: cookie,
                isHTTPS: isHTTPS,
                hosting: parts.bots?.hosting
            ).routes
            + Self.botRoutes(parts, panel, watch, configuration)
            + AccountPages(
                accounts: accounts,
                panel: panel,
                cookie: cookie,
                isHTTPS: isHTTPS,
                hosting: parts.bots?.hosting
            ).routes
            + ProviderPages(
                accounts: accounts,
                panel: panel,
                cookie: cookie,
                isHTTPS: isHTTPS,
                hosting: parts.bots?.hosting
            ).routes
            + SettingsPages(
                accounts: accounts,
                panel: panel,
                cookie: cookie,
                hosting: parts.bots?.hosting,
                links: parts.links
            ).routes
            + KeyPages(accounts: accounts, panel: panel).routes
            + TeamPages(accounts: accounts, panel: panel).routes
            + AdminOverviewPages(accounts: accounts, panel: panel, hosting: parts.bots?.hosting, watch: watch).routes
            + AdminAccountPages(accounts: accounts, panel: panel, cookie: cookie).routes
            + AuditPages(accounts: accounts, panel: panel).routes
            + AnnouncementPages(accounts: accounts, panel: panel).routes
            + AdminSettingsPages(accounts: accounts, panel: panel, hosting: parts.bots?.hosting).routes
            + AccountAPI(accounts: accounts, hosting: parts.bots?.hosting).routes
            + OwnAccountAPI(accounts: accounts, cookie: cookie, hosting: parts.bots?.hosting, links: parts.links).routes
            + AdminAPI(accounts: accounts).routes
            + (parts.links.map { ShortLinkRoutes(links: $0).routes } ?? [])
            + (parts.mails.map { MailFolderPages(folder: $0, panel: panel).routes } ?? [])
    }

    private static func topics(_ parts: WebServer.Parts) -> [TopicSource] {
        var topics: [TopicSource] = [.generator(parts.generator)]
        if let scheduler = parts.scheduler { topics.append(.session(scheduler)) }
        return topics
    }

    private static func sandboxRoutes(
        _ parts: WebServer.Parts,
        _ origins: OriginPolicy,
        _ desk: SandboxDesk?
    ) -> [Route] {
        guard let desk else { return [] }
        return SandboxAPI(generator: parts.generator, desk: desk, origins: origins).routes
    }

    func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: RequestLog(
                proxies: configuration.proxies,
                level: configuration.accessLogLevel,
                meter: RequestMeter()
            )
        )
        router.add(middleware: SecurityHeaders(isHTTPS: configuration.publicURL?.scheme == "https"))
        router.add(middleware: CrossOriginAccess(policy: origins))
        router.add(middleware: ResponseCompression())
        router.add(middleware: ErrorResponses(table: RouteTable(routes), pages: pages))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                var context = context
                if let answer = try await gate.admit(request, &context, to: route) { return answer }
                return try await repeatedCalls.answer(request, context, of: route)
            }
        }
        return router
    }
}
