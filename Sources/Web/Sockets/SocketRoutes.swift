internal import Accounts
internal import Hummingbird
internal import Metrics

/// The browser's socket, `/ws`.
struct SocketRoutes: Sendable {
    private let sources: [String: TopicSource]
    private let limits: WebSocketLimits
    private let origins: OriginPolicy
    private let tasks: SocketTasks
    private let accounts: AccountsService
    private let cookie: LoginCookie
    private let counter: AddressCounter
    private let open = Meter(label: "web.sockets.open")

    init(
        sources: [TopicSource],
        limits: WebSocketLimits,
        origins: OriginPolicy,
        tasks: SocketTasks,
        accounts: AccountsService,
        cookie: LoginCookie
    ) {
        self.accounts = accounts
        self.cookie = cookie
        self.sources = Dictionary(uniqueKeysWithValues: sources.map { ($0.kind, $0) })
        self.limits = limits
        self.origins = origins
        self.tasks = tasks
        counter = AddressCounter(limit: limits.socketsPerAddress)
    }

    var routes: [Route] {
        [.get("/ws", .visitors) { request, context in try await connect(request, context) }]
    }

    private func connect(_ request: Request, _ context: WebContext) async throws -> Response {
        // Browsers let any site's page open a socket to us; only ours may.
        try origins.check(request)
        guard counter.take(context.client) else { throw RequestError.tooManySockets }
        open.increment()
        let viewer = viewer(request, context)
        return try await WebSocket.upgrade(
            request,
            context: context,
            limits: limits,
            tasks: tasks,
            onEnd: {
                counter.giveBack(context.client)
                open.decrement()
            },
            serve: { socket in
                await BrowserSocket(
                    socket: socket,
                    sources: sources,
                    subscriptionLimit: limits.subscriptions,
                    viewer: viewer,
                    logger: context.logger
                ).serve()
            }
        )
    }

    private func viewer(_ request: Request, _ context: WebContext) -> SocketViewer? {
        guard let viewer = context.viewer, let token = cookie.token(of: request) else { return nil }
        let caller = context.caller(request)
        return SocketViewer(
            current: { [accounts] in try await accounts.viewer(cookie: token, caller: caller) },
            changes: accounts.access.watch(viewer.account.id)
        )
    }
}
