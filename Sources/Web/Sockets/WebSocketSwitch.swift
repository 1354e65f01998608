internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket

/// Turns a connection from HTTP into a WebSocket as soon as a 101 has been written.
///
/// An ordinary route arms it and then answers 101, so that an upgrade passes through all middleware, works on any request
/// of a kept-alive connection, and a refusal is an ordinary answer.
final class WebSocketSwitch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var armed: WebSocketHandler?
    private var isSwitching = false

    func arm(_ handler: WebSocketHandler) {
        armed?.refuse()
        armed = handler
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // The connection went before the 101 could be written.
        armed?.refuse()
        armed = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where armed != nil:
            if head.status == .switchingProtocols {
                isSwitching = true
            } else {
                armed?.refuse()
                armed = nil
            }
            context.write(data, promise: promise)
        case .end where isSwitching:
            isSwitching = false
            context.writeAndFlush(data, promise: promise)
            guard let handler = armed else { return }
            armed = nil
            do {
                try swap(context, for: handler)
            } catch {
                handler.refuse()
                context.close(promise: nil)
            }
        default:
            context.write(data, promise: promise)
        }
    }

    /// Takes the HTTP handlers out and puts the WebSocket ones in their place.
    ///
    /// Hummingbird's own handler stays at the tail, asleep until the channel closes; nothing is ever passed on to it.
    private func swap(_ context: ChannelHandlerContext, for handler: WebSocketHandler) throws {
        let pipeline = context.pipeline.syncOperations
        let outgoing = [
            try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self),
            try pipeline.context(handlerType: HTTPResponseEncoder.self),
            try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self),
            try pipeline.context(handlerType: HTTPConnectionStateHandler.self),
            try pipeline.context(handlerType: ConnectionGuard.self),
        ]
        for old in outgoing { pipeline.removeHandler(context: old, promise: nil) }
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: handler.limits.messageBytes))
        try pipeline.addHandler(WebSocketFrameEncoder(), position: .before(self))
        try pipeline.addHandler(decoder, position: .before(self))
        try pipeline.addHandler(handler, position: .before(self))
        pipeline.removeHandler(self, promise: nil)
    }
}
