import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Binds a port and gives each of its connections the handlers.
enum SandboxListener {
    /// Everything runs on the loop given, which is where the engine lives.
    static func bind(
        host: String,
        port: Int,
        engine: Engine,
        routes: ControlRoutes,
        tls: NIOSSLContext,
        timeouts: SandboxTimeouts
    ) -> EventLoopFuture<any Channel> {
        let loop = engine.eventLoop
        let bound = NIOLoopBound((engine, routes), eventLoop: loop)
        return ServerBootstrap(group: loop)
            .serverChannelOption(ChannelOptions.backlog, value: 1_024)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (engine, routes) = bound.value
                    engine.track(channel)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(TLSDetector(tls))
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
                    )
                    try pipeline.addHandler(HTTPServerPipelineHandler())
                    try pipeline.addHandler(HTTPHandler(engine: engine, routes: routes, timeouts: timeouts))
                }
            }
            .bind(host: host, port: port)
    }
}
