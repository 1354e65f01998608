internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// Why there is no WebSocket.
enum ConnectError: Error, Equatable {
    /// The server answered, but not with an upgrade.
    case refused
}

/// Opens a WebSocket to the service and puts an engine at its end.
struct WebSocketConnector {
    let service: WhatsAppService
    let computePool: NIOThreadPool

    static let connectTimeout: TimeAmount = .seconds(10)
    static let openTimeout: TimeAmount = .seconds(20)
    /// Longer than any frame of the protocol.
    static let maximumFrameSize = 1 << 25

    /// Connects on `loop`.
    ///
    /// `onEvent` is called there, the last time with the engine's end.
    ///
    /// Fails when no WebSocket came about; `onEvent` has not been called then.
    func connect<Machine: Engine>(
        _ engine: Machine,
        on loop: any EventLoop,
        meter: SessionMeter? = nil,
        onEvent: @escaping @Sendable (Machine.Event) -> Void
    ) -> EventLoopFuture<NIOLoopBound<EngineHandler<Machine>>> {
        let computePool = computePool
        let upgrader = NIOTypedWebSocketClientUpgrader<NIOLoopBound<EngineHandler<Machine>>?>(
            maxFrameSize: Self.maximumFrameSize,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let handler = EngineHandler(
                        engine: engine,
                        computePool: computePool,
                        meter: meter,
                        onEvent: onEvent
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return NIOLoopBound(handler, eventLoop: channel.eventLoop)
                }
            }
        )
        let head = requestHead
        let service = service
        let isIPAddress = (try? SocketAddress(ipAddress: service.host, port: service.port)) != nil

        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        return bootstrap.connect(host: service.host, port: service.port)
            .flatMap { channel in
                let giveUp = channel.eventLoop.scheduleTask(in: Self.openTimeout) { channel.close(promise: nil) }
                return channel.eventLoop.makeCompletedFuture {
                    if let tls = service.tls {
                        let name = isIPAddress ? nil : service.host
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: name)
                        )
                    }
                    // Complete at once: the response to a refused upgrade is held back until then.
                    let configuration = NIOTypedHTTPClientUpgradeConfiguration(
                        upgradeRequestHead: head,
                        upgraders: [upgrader],
                        notUpgradingCompletionHandler: { channel in channel.eventLoop.makeSucceededFuture(nil) }
                    )
                    var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: configuration)
                    pipeline.leftOverBytesStrategy = .forwardBytes
                    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                        configuration: pipeline
                    )
                }
                .flatMap { (upgraded: EventLoopFuture<NIOLoopBound<EngineHandler<Machine>>?>) in upgraded }
                .flatMapThrowing { handler in
                    giveUp.cancel()
                    guard let handler else { throw ConnectError.refused }
                    handler.value.start()
                    return handler
                }
                .flatMapErrorThrowing { error in
                    giveUp.cancel()
                    channel.close(promise: nil)
                    throw error
                }
            }
    }

    private var requestHead: HTTPRequestHead {
        var headers = HTTPHeaders()
        let isDefaultPort = service.port == (service.tls == nil ? 80 : 443)
        let name = service.host.contains(":") ? "[\(service.host)]" : service.host
        headers.add(name: "Host", value: isDefaultPort ? name : "\(name):\(service.port)")
        headers.add(name: "Origin", value: "https://web.whatsapp.com")
        headers.add(name: "Cache-Control", value: "no-cache")
        headers.add(name: "Pragma", value: "no-cache")
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: service.path, headers: headers)
    }
}
