import NIOCore
import NIOPosix
import Synchronization

/// A web server on this machine with a few answers by path.
final class FileServer: Sendable {
    struct Answer: Sendable {
        var status = "200 OK"
        var headers: [String] = []
        var body: [UInt8] = []
        /// What the head says where it is not the truth.
        var statedLength: Int?
    }

    private let answers: Mutex<[String: Answer]>
    private let seen = Mutex<[String]>([])
    private let channel: Mutex<(any Channel)?> = Mutex(nil)

    var port: Int { channel.withLock { $0?.localAddress?.port } ?? 0 }
    var url: String { "http://127.0.0.1:\(port)" }
    var place: String { "127.0.0.1:\(port)" }
    /// Methods and paths, in their order.
    var requests: [String] { seen.withLock { $0 } }

    init(_ answers: [String: Answer]) async throws {
        self.answers = Mutex(answers)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel.withLock { $0 = channel }
    }

    func set(_ path: String, _ answer: Answer) { answers.withLock { $0[path] = answer } }

    func stop() async { try? await channel.withLock { $0 }?.close().get() }

    private func answer(_ head: String) -> [UInt8] {
        let parts = head.split(separator: " ")
        guard parts.count > 1 else { return [] }
        let path = String(parts[1].prefix { $0 != "?" })
        seen.withLock { $0.append("\(parts[0]) \(path)") }
        let answer = answers.withLock { $0[path] } ?? Answer(status: "404 Not Found")
        let length = answer.statedLength ?? answer.body.count
        let lines =
            ["HTTP/1.1 \(answer.status)", "Content-Length: \(length)", "Connection: close"] + answer.headers + ["", ""]
        return Array(lines.joined(separator: "\r\n").utf8) + (parts[0] == "HEAD" ? [] : answer.body)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: FileServer
        private var head = ""

        init(server: FileServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            head += String(buffer: unwrapInboundIn(data))
            guard head.contains("\r\n\r\n") else { return }
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: server.answer(head)))).whenComplete { _ in
                channel.close(promise: nil)
            }
            head = ""
        }
    }
}
