internal import Hummingbird
internal import Metrics

/// The browser's socket, `/ws`.
struct SocketRoutes: Sendable {
    private let sources: [String: TopicSource]
    private let limits: WebSocketLimits
    private let origins: OriginPolicy
    private let tasks: SocketTasks
    private let counter: AddressCounter
    private let open = Meter(label: "web.sockets.open")

    init(sources: [TopicSource], limits: WebSocketLimits, origins: OriginPolicy, tasks: SocketTasks) {
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
                    viewer: context.viewer,
                    logger: context.logger
                ).serve()
            }
        )
    }
}
