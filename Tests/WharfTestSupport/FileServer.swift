internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A web server on this machine with one answer for each path.
package final class FileServer: Sendable {
    package struct Answer: Sendable {
        package var status: String
        package var headers: [String]
        package var body: [UInt8]
        /// What the head says where it is not the truth.
        package var statedLength: Int?

        package init(
            status: String = "200 OK",
            headers: [String] = [],
            body: [UInt8] = [],
            statedLength: Int? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.statedLength = statedLength
        }

        package init(json: String) {
            self.init(headers: ["Content-Type: application/json"], body: Array(json.utf8))
        }
    }

    private struct State {
        var answers: [String: Answer]
        var requests: [String] = []
        var channel: (any Channel)?
    }

    private let state: Mutex<State>

    package var port: Int { state.withLock { $0.channel?.localAddress?.port } ?? 0 }
    package var place: String { "127.0.0.1:\(port)" }
    package var url: String { "http://\(place)" }
    /// Heads and bodies, in their order.
    package var requests: [String] { state.withLock { $0.requests } }

    package init(_ answers: [String: Answer]) async throws {
        state = Mutex(State(answers: answers))
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        state.withLock { $0.channel = channel }
    }

    package func set(_ path: String, _ answer: Answer) { state.withLock { $0.answers[path] = answer } }

    package func stop() async { try? await state.withLock { $0.channel }?.close().get() }

    /// Nil for a request that has not come whole.
    private func answer(_ request: String) -> [UInt8]? {
        guard let head = request.firstRange(of: "\r\n\r\n") else { return nil }
        let length = request.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.output.1) } ?? 0
        guard request[head.upperBound...].utf8.count >= length else { return nil }
        let parts = request.split(separator: " ", maxSplits: 2)
        guard parts.count == 3 else { return nil }
        let path = String(parts[1].prefix { $0 != "?" })
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers[path] ?? Answer(status: "404 Not Found")
        }
        let stated = answer.statedLength ?? answer.body.count
        let lines = ["HTTP/1.1 \(answer.status)", "Content-Length: \(stated)", "Connection: close"] + answer.headers
        let start = Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
        return start + (parts[0] == "HEAD" ? [] : answer.body)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: FileServer
        private var request = ""

        init(server: FileServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(
                decoding: unwrapInboundIn(data).readableBytesView.map { $0 < 0x80 ? $0 : 0x3F },
                as: UTF8.self
            )
            guard let answer = server.answer(request) else { return }
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer))).whenComplete { _ in
                channel.close(promise: nil)
            }
            request = ""
        }
    }
}
