import Crypto
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Serves one HTTP connection: requests one after the other, and the change to a WebSocket at `/ws/chat`.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bytes of a body.
    static let bodyLimit = 65_536
    /// Of a body that may have a file in it, in base64.
    static let fileBodyLimit = 24 << 20
    static let webSocketPath = "/ws/chat"

    private enum Phase {
        case idle
        case reading(HTTPRequestHead, [UInt8])
        case media(MediaExchange)
        /// An error was answered; the rest of the request is not looked at.
        case discarding
        case answering
        case switching
    }

    private let engine: Engine
    private let routes: ControlRoutes
    private let timeouts: SandboxTimeouts
    private var phase = Phase.idle
    private var deadline: Scheduled<Void>?

    init(engine: Engine, routes: ControlRoutes, timeouts: SandboxTimeouts) {
        self.engine = engine
        self.routes = routes
        self.timeouts = timeouts
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(within: timeouts.request, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        // An exchange and its way of answering hold each other.
        if case .media = phase { phase = .discarding }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    private func expect(within amount: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: amount) { bound.value.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError, case .idle = phase {
            answer(.failure(status: .badRequest, code: "malformed", message: "This is no HTTP request."), nil, context)
        } else {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            if case .answering = phase { return }
            context.close(promise: nil)
        }
        if event is ServerStopping { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let head), .idle) where MediaAddress.isMedia(head.uri):
            expect(within: timeouts.request, context)
            phase = .media(exchange(head, context))
        case (.body(let buffer), .media(let exchange)):
            expect(within: timeouts.request, context)
            exchange.body(buffer)
        case (.end, .media(let exchange)):
            deadline?.cancel()
            exchange.end()
        case (.head(let head), .idle):
            expect(within: timeouts.request, context)
            phase = .reading(head, [])
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if length > Self.bodyLimit(of: head) {
                refuseBody(head, context)
            } else if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                context.writeAndFlush(
                    wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))),
                    promise: nil
                )
            }
        case (.body(let buffer), .reading(let head, var bytes)):
            guard bytes.count + buffer.readableBytes <= Self.bodyLimit(of: head) else {
                return refuseBody(head, context)
            }
            phase = .idle
            bytes.append(contentsOf: buffer.readableBytesView)
            phase = .reading(head, bytes)
        case (.end, .reading(let head, let bytes)):
            phase = .answering
            deadline?.cancel()
            respond(to: head, bytes, context)
        default: break
        }
    }

    private static func bodyLimit(of head: HTTPRequestHead) -> Int {
        ["/messages", "/profile", "/picture"].contains { head.uri.hasSuffix($0) } ? fileBodyLimit : bodyLimit
    }

    private func refuseBody(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let failure = HTTPReply.failure(
            status: .payloadTooLarge,
            code: "too-large",
            message: "A body has at most \(Self.bodyLimit(of: head)) bytes here."
        )
        answer(failure, nil, context)
        phase = .discarding
    }

    private func respond(to head: HTTPRequestHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        if path == Self.webSocketPath { return upgrade(head, context) }
        let request = HTTPRequest(
            method: head.method,
            path: path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) },
            query: parts.count > 1 ? String(parts[1]) : "",
            headers: head.headers,
            body: body
        )
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        routes.reply(to: request).whenComplete { result in
            let (handler, context) = bound.value
            let reply =
                (try? result.get())
                ?? .failure(
                    status: .internalServerError,
                    code: "internal",
                    message: "The sandbox could not answer."
                )
            handler.answer(reply, head, context)
        }
    }

    /// Writes an answer; without a request's head, or when either side wants so, the connection closes after it.
    private func answer(_ reply: HTTPReply, _ head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let isKept = head?.isKeepAlive ?? false
        var headers = reply.headers
        headers.replaceOrAdd(name: "content-type", value: reply.contentType)
        headers.replaceOrAdd(name: "content-length", value: String(reply.body.count))
        headers.replaceOrAdd(name: "connection", value: isKept ? "keep-alive" : "close")
        headers.replaceOrAdd(name: "cache-control", value: "no-store")
        headers.replaceOrAdd(name: "x-content-type-options", value: "nosniff")
        var buffer = context.channel.allocator.buffer(capacity: reply.body.count)
        buffer.writeBytes(reply.body)
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: reply.status, headers: headers))),
            promise: nil
        )
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if isKept {
            phase = .idle
            expect(within: timeouts.keepAlive, context)
        } else {
            phase = .discarding
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }

    // MARK: Media

    private func exchange(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> MediaExchange {
        let output = MediaDownload.Output(
            begin: { status, headers in
                let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
                context.write(self.wrapOutboundOut(.head(head)), promise: nil)
            },
            write: { bytes in
                var buffer = context.channel.allocator.buffer(capacity: bytes.count)
                buffer.writeBytes(bytes)
                return context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(buffer))))
            },
            end: {
                context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
                self.answered(head, context)
            },
            cut: { context.close(promise: nil) }
        )
        let json = { (status: HTTPResponseStatus, fields: [String: String]) in
            self.answer(.json(fields, status: status), head, context)
        }
        return MediaExchange(
            head,
            engine: engine,
            channel: context.channel,
            reply: MediaExchange.Reply(json: json, file: output)
        )
    }

    private func answered(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if head.isKeepAlive {
            phase = .idle
            expect(within: timeouts.keepAlive, context)
        } else {
            phase = .discarding
            context.close(promise: nil)
        }
    }

    // MARK: WebSocket

    private func upgrade(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .GET else {
            var reply = HTTPReply.failure(status: .methodNotAllowed, code: "method", message: "Use GET.")
            reply.headers.add(name: "allow", value: "GET")
            return answer(reply, head, context)
        }
        let wantsWebSocket = head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
        guard
            wantsWebSocket,
            head.headers.first(name: "sec-websocket-version") == "13",
            let key = head.headers.first(name: "sec-websocket-key"), Data(base64Encoded: key)?.count == 16
        else {
            var reply = HTTPReply.failure(
                status: .upgradeRequired,
                code: "upgrade-required",
                message: "This is a WebSocket (RFC 6455)."
            )
            reply.headers.add(name: "sec-websocket-version", value: "13")
            return answer(reply, head, context)
        }
        let handler = engine.accept(host: Self.host(head))
        phase = .switching
        let accept = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        let headers: HTTPHeaders = [
            "upgrade": "websocket", "connection": "upgrade",
            "sec-websocket-accept": Data(accept).base64EncodedString(),
        ]
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: .switchingProtocols, headers: headers))),
            promise: nil
        )
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        do {
            try swap(to: handler, context)
        } catch {
            engine.closed(handler)
            context.close(promise: nil)
        }
    }

    /// The host that a client has asked for; nil when it says nothing that could stand in an address.
    private static func host(_ head: HTTPRequestHead) -> String? {
        guard let host = head.headers.first(name: "host"), (1...255).contains(host.utf8.count) else { return nil }
        let isPlain = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }
        return isPlain ? host : nil
    }

    /// Takes HTTP out of the pipeline and puts the WebSocket in; bytes that came early are passed on.
    private func swap(to handler: ConnectionHandler, _ context: ChannelHandlerContext) throws {
        let pipeline = context.pipeline.syncOperations
        try pipeline.addHandler(
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: (1 << 24) + 1_024)),
            position: .last
        )
        try pipeline.addHandler(handler, position: .last)
        pipeline.removeHandler(context: try pipeline.context(handlerType: HTTPResponseEncoder.self), promise: nil)
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(
            context: try pipeline.context(handlerType: HTTPServerPipelineHandler.self),
            promise: nil
        )
        pipeline.removeHandler(
            context: try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self),
            promise: nil
        )
    }
}
