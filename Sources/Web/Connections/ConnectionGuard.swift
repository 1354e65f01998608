internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// The body of a request did not come to its end in time.
struct BodyTimeout: Error {}

/// Keeps a slow or rude client from holding a connection: deadlines for heads, bodies and responses, one limit per address.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private let counter: AddressCounter
    private let proxies: ProxyTrust
    private var isOverLimit = false
    private var receivesBody = false
    private var closesAfterResponse = false
    private var headDeadline: Scheduled<Void>?
    private var bodyDeadline: Scheduled<Void>?
    private var responseDeadline: Scheduled<Void>?
    private var lingerDeadline: Scheduled<Void>?

    init(limits: ConnectionLimits, counter: AddressCounter, proxies: ProxyTrust) {
        self.limits = limits
        self.counter = counter
        self.proxies = proxies
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let address = context.channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) }
        if let address, !address.isLoopback, !proxies.isTrusted(address) {
            if counter.take(address) {
                let counter = counter
                context.channel.closeFuture.whenComplete { _ in counter.giveBack(address) }
            } else {
                isOverLimit = true
            }
        }
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelDeadlines()
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelDeadlines()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            headDeadline?.cancel()
            headDeadline = nil
            // The parser reads nothing more after a request that asks for another protocol, whatever the answer is.
            if head.headerFields[.upgrade] != nil { closesAfterResponse = true }
            receivesBody = true
            bodyDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.body) {
                // Reaches the handler that waits for the body, which then answers 408; that answer ends the connection.
                context.fireErrorCaught(BodyTimeout())
                self.armResponseDeadline(context)
            }
        case .body:
            break
        case .end:
            receivesBody = false
            bodyDeadline?.cancel()
            bodyDeadline = nil
            if lingerDeadline != nil { context.close(promise: nil) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            guard head.status.kind != .informational else {
                closesAfterResponse = false
                return context.write(data, promise: promise)
            }
            closesAfterResponse = closesAfterResponse || head.headerFields[.connection] == "close"
            if closesAfterResponse { head.headerFields[.connection] = "close" }
            armResponseDeadline(context)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.assumeIsolated().whenComplete { _ in self.responseWritten(context) }
            context.write(data, promise: written)
        }
    }

    private func start(_ context: ChannelHandlerContext) {
        guard !isOverLimit else {
            context.close(promise: nil)
            return
        }
        headDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.firstHead) {
            context.close(promise: nil)
        }
    }

    private func responseWritten(_ context: ChannelHandlerContext) {
        responseDeadline?.cancel()
        responseDeadline = nil
        guard closesAfterResponse, context.channel.isActive else { return }
        if receivesBody {
            // Hanging up on a client that still sends would take our answer from it.
            context.close(mode: .output, promise: nil)
            hangUpLater(context)
        } else {
            context.close(promise: nil)
        }
    }

    private func armResponseDeadline(_ context: ChannelHandlerContext) {
        guard responseDeadline == nil else { return }
        responseDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.response) {
            context.close(promise: nil)
        }
    }

    private func hangUpLater(_ context: ChannelHandlerContext) {
        guard lingerDeadline == nil else { return }
        lingerDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) {
            context.close(promise: nil)
        }
    }

    private func cancelDeadlines() {
        for deadline in [headDeadline, bodyDeadline, responseDeadline, lingerDeadline] { deadline?.cancel() }
    }
}
