package import NIOCore
import NIOWebSocket
import WhatsAppWire

/// Carries one connection's bytes between its WebSocket and the engine; everything else is decided elsewhere.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    let id: ConnectionID
    private(set) var state: ConnectionState
    private let engine: Engine
    private let timeouts: SandboxTimeouts
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?
    private var stuckWrites: Scheduled<Void>?
    private var lastRead = NIODeadline.now()
    /// Whether the message that fragments belong to is a binary one.
    private var isReadingBinary = false
    private var isClosing = false
    private var joined: ByteBuffer?
    /// Whether something was written that the socket has not been given yet.
    private var isUnflushed = false

    init(id: ConnectionID, state: ConnectionState, engine: Engine, timeouts: SandboxTimeouts) {
        self.id = id
        self.state = state
        self.engine = engine
        self.timeouts = timeouts
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: timeouts.handshake) {
            bound.value.handshakeDeadline()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        forget()
    }

    private func forget() {
        deadline?.cancel()
        stuckWrites?.cancel()
        guard context != nil else { return }
        context = nil
        state.end()
        engine.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A WebSocket that breaks the protocol is told so; other errors mean that the socket broke.
        if let error = error as? NIOWebSocketError, !isClosing {
            sendClose(error == .invalidFrameLength ? .messageTooLarge : .protocolError, context)
        }
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastRead = .now()
        switch frame.opcode {
        case .binary, .text, .continuation:
            if frame.opcode != .continuation { isReadingBinary = frame.opcode == .binary }
            guard frame.maskKey != nil else { return close(code: .protocolError) }
            guard isReadingBinary, !isClosing else { return }
            engine.received(Array(frame.unmaskedData.readableBytesView), by: self)
        case .ping:
            guard !isClosing else { return }
            write(.pong, frame.unmaskedData)
        case .connectionClose:
            if isClosing {
                context.close(promise: nil)
            } else {
                close(code: .normalClosure)
            }
        default: break
        }
    }

    /// Feeds the state machine; for the engine alone.
    func advance(_ bytes: [UInt8]) -> [ConnectionState.Action] {
        state.receive(bytes)
    }

    /// The handshake is done: from now on only silence ends the connection.
    func established() {
        deadline?.cancel()
        watchSilence(for: timeouts.silence)
    }

    private func handshakeDeadline() {
        context?.close(promise: nil)
    }

    private func watchSilence(for amount: TimeAmount) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: amount) { bound.value.silenceDeadline() }
    }

    private func silenceDeadline() {
        let left = lastRead + timeouts.silence - NIODeadline.now()
        if left <= .zero {
            context?.close(promise: nil)
        } else {
            watchSilence(for: left)
        }
    }

    // MARK: Writing

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stuckWrites?.cancel()
        stuckWrites = nil
        if !context.channel.isWritable {
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            stuckWrites = context.eventLoop.scheduleTask(in: timeouts.stuckWrites) {
                bound.value.context?.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func send(_ node: BinaryNode, shaping: Shaping) {
        guard !isClosing, let bytes = state.seal(node, compressed: shaping.compresses) else { return }
        send(bytes, shaping: shaping, delay: shaping.stanzaDelay)
    }

    func sendHandshake(_ bytes: [UInt8], shaping: Shaping) {
        send(bytes, shaping: shaping, delay: shaping.handshakeDelay)
        // The companion answers this before anything could share its message.
        flushJoined()
    }

    private func send(_ bytes: [UInt8], shaping: Shaping, delay: Int) {
        guard let context, !isClosing else { return }
        guard delay > 0 else { return transmit(bytes, shaping: shaping) }
        delayed += 1
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(delay))) {
            bound.value.delayed -= 1
            bound.value.transmit(bytes, shaping: shaping)
            bound.value.flushJoined()
            if bound.value.closesWhenSent, bound.value.delayed == 0 { bound.value.finish() }
        }
    }

    /// What a delay still holds back.
    private var delayed = 0
    private var closesWhenSent = false

    private func transmit(_ bytes: [UInt8], shaping: Shaping) {
        guard let context else { return }
        if shaping.joins {
            if joined == nil { joined = context.channel.allocator.buffer(capacity: bytes.count) }
            joined?.writeBytes(bytes)
            return
        }
        if joined != nil { flushJoined() }
        guard shaping.splits else { return write(bytes[...]) }
        // In the middle of the length, and in the middle of the rest.
        var rest = bytes[...]
        for piece in [1, 3, max(1, bytes.count / 2)] where rest.count > piece {
            write(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        write(rest)
    }

    /// Sends what was held back to share a message, or a system call.
    func flushJoined() {
        guard let buffer = joined else {
            guard isUnflushed else { return }
            isUnflushed = false
            context?.flush()
            return
        }
        joined = nil
        write(.binary, buffer)
    }

    private func write(_ bytes: ArraySlice<UInt8>) {
        guard let context else { return }
        let frame = ServerFrame.encode(.binary, bytes, allocator: context.channel.allocator)
        context.write(wrapOutboundOut(frame), promise: nil)
        isUnflushed = true
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        guard let context else { return }
        isUnflushed = false
        let frame = ServerFrame.encode(opcode, data.readableBytesView, allocator: context.channel.allocator)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    // MARK: The end

    /// Closes a moment after everything that was sent has gone out.
    ///
    /// A client that reads the end of the stream before it has handled the last stanza would not know why it ended:
    /// whatsmeow then never comes back after 515.
    func finish() {
        flushJoined()
        guard delayed == 0 else {
            closesWhenSent = true
            return
        }
        guard let context, !isClosing, state.isOpen else { return close() }
        deadline?.cancel()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: timeouts.lingering) { bound.value.close() }
    }

    /// Says goodbye at once.
    func close() {
        close(code: .normalClosure)
    }

    /// Closes the socket at once.
    func cut() {
        isClosing = true
        context?.close(promise: nil)
    }

    private func close(code: WebSocketErrorCode) {
        guard let context, !isClosing else { return }
        sendClose(code, context)
        // Whoever does not answer the close frame is cut off.
        deadline?.cancel()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: timeouts.close) { bound.value.handshakeDeadline() }
    }

    private func sendClose(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
        isClosing = true
        state.end()
        var buffer = context.channel.allocator.buffer(capacity: 2)
        buffer.write(webSocketErrorCode: code)
        write(.connectionClose, buffer)
    }
}

/// How long the sandbox waits for a slow or silent other side.
package struct SandboxTimeouts: Sendable {
    package var handshake = TimeAmount.seconds(20)
    /// Nothing at all came in for so long: the other side is gone.
    ///
    /// Clients ping twice a minute.
    package var silence = TimeAmount.seconds(180)
    /// The other side takes nothing in.
    package var stuckWrites = TimeAmount.seconds(30)
    /// Between the last stanza and the end of the connection.
    package var lingering = TimeAmount.milliseconds(300)
    package var close = TimeAmount.milliseconds(500)
    /// For a whole HTTP request.
    package var request = TimeAmount.seconds(15)
    package var keepAlive = TimeAmount.seconds(60)

    package init() {}
}
