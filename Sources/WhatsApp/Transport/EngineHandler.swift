internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOWebSocket

/// Drives one engine with one WebSocket: bytes in, actions out.
///
/// Everything happens on the channel's event loop.
final class EngineHandler<Machine: Engine>: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private(set) var engine: Machine
    private var context: ChannelHandlerContext?
    private var timers: [EngineTimer: Scheduled<Void>] = [:]
    /// Whether the message that is being received is of text, which the protocol does not use.
    private var isIgnoringMessage = false
    private var hasClosed = false
    private var isReading = true
    /// Whether something is written that is not on its way to the socket yet.
    private var isUnflushed = false
    private var maskKeys = MaskKeys()
    private let computePool: NIOThreadPool
    private let onEvent: (Machine.Event) -> Void
    private let meter: SessionMeter?

    init(
        engine: Machine,
        computePool: NIOThreadPool,
        meter: SessionMeter? = nil,
        onEvent: @escaping (Machine.Event) -> Void
    ) {
        self.engine = engine
        self.computePool = computePool
        self.meter = meter
        self.onEvent = onEvent
    }

    /// Lets a caller on the event loop turn to the engine.
    func perform(_ command: (inout Machine) -> [EngineAction<Machine.Event>]) {
        carryOut(command(&engine))
    }

    /// Starts the engine; not before the upgrade is through, for until then nothing can be written.
    func start() {
        carryOut(engine.start(now: Date()))
    }

    /// Stops or resumes taking bytes from the socket, so that a peer that sends too fast has to wait.
    func setReading(_ isReading: Bool) {
        guard let context, !hasClosed, isReading != self.isReading else { return }
        self.isReading = isReading
        context.channel.setOption(.autoRead, value: isReading).assumeIsolated().whenFailure { _ in }
        if isReading { context.read() }
    }

    func close() {
        guard let context, !hasClosed else { return }
        hasClosed = true
        cancelTimers()
        sendClose(context)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken socket or WebSocket frame; what the engine makes of it comes with the close.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .binary, .text, .continuation:
            if frame.opcode != .continuation { isIgnoringMessage = frame.opcode == .text }
            guard !isIgnoringMessage else { return }
            let payload = frame.unmaskedData
            guard let meter else { return receive(payload) }
            meter.took(payload.readableBytes)
            meter.measure { receive(payload) }
        case .ping:
            write(.pong, frame.unmaskedData, context)
        case .connectionClose:
            context.close(promise: nil)
        default: break
        }
    }

    /// Messages are a byte stream: how they are cut has no meaning.
    private func receive(_ payload: ByteBuffer) {
        carryOut(payload.withUnsafeReadableBytes { engine.receive($0, now: Date()) })
    }

    // MARK: Actions

    private func carryOut(_ actions: [EngineAction<Machine.Event>]) {
        guard let context else { return }
        for action in actions {
            switch action {
            case .send(let bytes):
                if !hasClosed { write(.binary, Self.buffer(of: bytes, context), context) }
            case .schedule(let timer, let delay):
                schedule(timer, after: delay, on: context.eventLoop)
            case .cancel(let timer):
                timers.removeValue(forKey: timer)?.cancel()
            case .compute(let work):
                compute(work, on: context.eventLoop)
            case .emit(let event):
                onEvent(event)
            case .close:
                close()
            }
        }
    }

    /// Two bytes and the length, at most eight, and the mask (RFC 6455, 5.2).
    private static var frameHeaderLimit: Int { 14 }

    /// A buffer in which the frame's header has room before the bytes, so that both go out as one.
    private static func buffer(of bytes: [UInt8], _ context: ChannelHandlerContext) -> ByteBuffer {
        var buffer = context.channel.allocator.buffer(capacity: frameHeaderLimit + bytes.count)
        buffer.moveWriterIndex(to: frameHeaderLimit)
        buffer.moveReaderIndex(to: frameHeaderLimit)
        buffer.writeBytes(bytes)
        return buffer
    }

    private func schedule(_ timer: EngineTimer, after delay: Duration, on loop: any EventLoop) {
        timers.removeValue(forKey: timer)?.cancel()
        guard !hasClosed else { return }
        timers[timer] = loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            self.timers[timer] = nil
            self.carryOut(self.engine.fired(timer, now: Date()))
        }
    }

    private func compute(_ work: Computation, on loop: any EventLoop) {
        let outcome = computePool.runIfActive(eventLoop: loop) {
            var random = SystemRandomNumberGenerator()
            return work.run(using: &random)
        }
        outcome.assumeIsolated().whenSuccess { outcome in
            self.carryOut(self.engine.computed(outcome, now: Date()))
        }
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        meter?.gave(data.readableBytes)
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: maskKeys.next(), data: data)
        context.write(wrapOutboundOut(frame), promise: nil)
        guard !isUnflushed else { return }
        isUnflushed = true
        // What is written in this turn of the event loop, a hundred acknowledgements perhaps, goes to the socket at once.
        context.eventLoop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        guard isUnflushed, let context else { return }
        isUnflushed = false
        context.flush()
    }

    private func sendClose(_ context: ChannelHandlerContext) {
        var code = context.channel.allocator.buffer(capacity: 2)
        code.write(webSocketErrorCode: .normalClosure)
        write(.connectionClose, code, context)
        flush()
        context.close(promise: nil)
    }

    private func finish() {
        guard context != nil else { return }
        let actions = engine.closed(now: Date())
        hasClosed = true
        cancelTimers()
        carryOut(actions)
        context = nil
    }

    private func cancelTimers() {
        for timer in timers.values { timer.cancel() }
        timers = [:]
    }
}

/// Masking keys without a question to the system for each.
///
/// They keep a script from choosing what a proxy reads (RFC 6455, 10.3); here nobody but the cipher chooses, so that a small
/// generator with a seed of the system's is enough.
private struct MaskKeys {
    private var state = UInt64.random(in: 1...(.max))

    mutating func next() -> WebSocketMaskingKey {
        // xorshift64*
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        let number = state &* 0x2545_F491_4F6C_DD1D
        return [
            UInt8(truncatingIfNeeded: number >> 56), UInt8(truncatingIfNeeded: number >> 48),
            UInt8(truncatingIfNeeded: number >> 40), UInt8(truncatingIfNeeded: number >> 32),
        ]
    }
}
