internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOWebSocket

/// One open WebSocket, as whoever serves it sees it.
struct WebSocket: Sendable {
    /// What the browser says, ended when the connection is.
    let messages: AsyncStream<String>
    private let handler: NIOLoopBound<WebSocketHandler>
    private let eventLoop: any EventLoop

    /// Writes one text message; throws once the connection is closing.
    func send(_ text: String) async throws {
        let written = eventLoop.makePromise(of: Void.self)
        let payload = ByteBuffer(string: text)
        eventLoop.execute { handler.value.send(.text, payload, promise: written) }
        try await written.futureResult.get()
    }

    func close(_ code: WebSocketErrorCode = .normalClosure) {
        eventLoop.execute { handler.value.close(code) }
    }
}

extension WebSocket {
    /// Answers 101 and hands the open socket to `serve` in a task of `tasks`.
    ///
    /// Throws `RequestError.upgradeRequired` when the request is no WebSocket handshake (RFC 6455, section 4.2.1).
    static func upgrade(
        _ request: Request,
        context: WebContext,
        limits: WebSocketLimits,
        tasks: SocketTasks,
        onEnd: @escaping @Sendable () -> Void,
        serve: @escaping @Sendable (WebSocket) async -> Void
    ) async throws -> Response {
        let isUpgrade = request.headers[values: .upgrade].contains { $0.lowercased().contains("websocket") }
        guard request.method == .get, isUpgrade, request.headers[.secWebSocketVersion] == "13",
            let key = request.headers[.secWebSocketKey], Data(base64Encoded: key)?.count == 16
        else {
            onEnd()
            throw RequestError.upgradeRequired
        }
        let (messages, inbox) = AsyncStream.makeStream(
            of: String.self,
            bufferingPolicy: .bufferingOldest(limits.inboxMessages)
        )
        let eventLoop = context.channel.eventLoop
        let opened = eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        let handler: NIOLoopBound<WebSocketHandler>
        do {
            handler = try await eventLoop.submit {
                let handler = WebSocketHandler(limits: limits, inbox: inbox, opened: opened)
                try channel.pipeline.syncOperations.handler(type: WebSocketSwitch.self).arm(handler)
                return NIOLoopBound(handler, eventLoop: eventLoop)
            }.get()
        } catch {
            // The pipeline has no switch any more: the connection has gone.
            opened.fail(error)
            onEnd()
            throw error
        }
        tasks.add {
            defer { onEnd() }
            guard (try? await opened.futureResult.get()) != nil else { return }
            let socket = WebSocket(messages: messages, handler: handler, eventLoop: eventLoop)
            await serve(socket)
            socket.close()
        }
        let accept = Data(Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
        return Response(
            status: .switchingProtocols,
            headers: [.upgrade: "websocket", .connection: "upgrade", .secWebSocketAccept: accept.base64EncodedString()]
        )
    }
}
