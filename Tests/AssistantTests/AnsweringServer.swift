import NIOCore
import NIOPosix
import Synchronization

/// A server on this machine that gives the next answer of a list, and keeps what it was asked.
final class AnsweringServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [String] = []
        var body: String
    }

    private struct State {
        var answers: [Answer]
        var requests: [String] = []
        var channel: (any Channel)?
    }

    private let state: Mutex<State>

    var url: String { "http://127.0.0.1:\(state.withLock { $0.channel?.localAddress?.port } ?? 0)" }
    var requests: [String] { state.withLock { $0.requests } }

    init(_ answers: [Answer]) async throws {
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

    func stop() async { try? await state.withLock { $0.channel }?.close().get() }

    /// Nil for a request that has not come whole yet, or that is never answered.
    private func answer(_ request: String) -> String? {
        guard let head = request.firstRange(of: "\r\n\r\n") else { return nil }
        let length = request.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.output.1) } ?? 0
        guard request[head.upperBound...].utf8.count >= length else { return nil }
        let answer = state.withLock { state -> Answer? in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { return nil }
        let lines =
            ["HTTP/1.1 \(answer.status) x", "Content-Length: \(answer.body.utf8.count)", "Connection: close"]
            + answer.headers + ["", answer.body]
        return lines.joined(separator: "\r\n")
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: AnsweringServer
        private var request = ""

        init(server: AnsweringServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(buffer: unwrapInboundIn(data))
            guard let answer = server.answer(request) else { return }
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer))).whenComplete { _ in
                channel.close(promise: nil)
            }
            request = ""
        }
    }
}
