internal import NIOCore
internal import NIOWebSocket

/// Frames to messages and back, by RFC 6455, with a bound on everything that a browser can make us hold.
///
/// Passes no frame on: what stands behind it in the pipeline still speaks HTTP.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    let limits: WebSocketLimits
    private let inbox: AsyncStream<String>.Continuation
    private let opened: EventLoopPromise<Void>
    private var context: ChannelHandlerContext?
    private var messages = WebSocketMessageState()
    private var unsentBytes = 0
    private var isClosing = false
    private var nextPing: Scheduled<Void>?
    private var pongDeadline: Scheduled<Void>?
    private var forcedClose: Scheduled<Void>?

    init(limits: WebSocketLimits, inbox: AsyncStream<String>.Continuation, opened: EventLoopPromise<Void>) {
        self.limits = limits
        self.inbox = inbox
        self.opened = opened
    }

    /// Ends a socket that never came to be.
    func refuse() {
        inbox.finish()
        opened.fail(ChannelError.inappropriateOperationForState)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedulePing(context)
        opened.succeed()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for timer in [nextPing, pongDeadline, forcedClose] { timer?.cancel() }
        self.context = nil
        inbox.finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.finish()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        // Whatever comes shows that somebody is there.
        pongDeadline?.cancel()
        pongDeadline = nil
        switch messages.receive(frame, limit: limits.messageBytes) {
        case .nothing:
            break
        case .message(let text):
            guard !isClosing else { return }
            if case .dropped = inbox.yield(text) { close(.policyViolation) }
        case .pong(let payload):
            guard !isClosing else { return }
            send(.pong, payload, promise: nil)
        case .closed(let payload):
            if !isClosing { send(.connectionClose, payload, promise: nil) }
            isClosing = true
            context.close(promise: nil)
        case .violation(let code):
            close(code)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? NIOWebSocketError {
        case .invalidFrameLength: close(.messageTooLarge)
        case .fragmentedControlFrame, .multiByteControlFrameLength: close(.protocolError)
        case nil: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: close(.goingAway)
        // The peer sends nothing more, not even a close: half-closure is on for every connection.
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Writes one frame; a browser that leaves too much unread is cut off.
    func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer, promise: EventLoopPromise<Void>?) {
        guard let context, !isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let size = payload.readableBytes
        guard unsentBytes + size <= limits.unsentBytes else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            isClosing = true
            context.close(promise: nil)
            return
        }
        unsentBytes += size
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in self.unsentBytes -= size }
        context.writeAndFlush(
            wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: payload)),
            promise: written
        )
    }

    /// Says goodbye, and hangs up when the other side does not answer in time.
    func close(_ code: WebSocketErrorCode) {
        guard let context, !isClosing else { return }
        var payload = context.channel.allocator.buffer(capacity: 2)
        payload.write(webSocketErrorCode: code)
        send(.connectionClose, payload, promise: nil)
        isClosing = true
        inbox.finish()
        nextPing?.cancel()
        forcedClose = context.eventLoop.assumeIsolated().scheduleTask(in: limits.closeTimeout) {
            context.close(promise: nil)
        }
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        let eventLoop = context.eventLoop.assumeIsolated()
        nextPing = eventLoop.scheduleTask(in: limits.pingInterval) {
            guard !self.isClosing else { return }
            self.send(.ping, context.channel.allocator.buffer(capacity: 0), promise: nil)
            if self.pongDeadline == nil {
                self.pongDeadline = eventLoop.scheduleTask(in: self.limits.pongTimeout) { context.close(promise: nil) }
            }
            self.schedulePing(context)
        }
    }
}
