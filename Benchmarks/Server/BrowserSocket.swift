import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// The browser's end of `/ws`: subscribes to topics and hands out events.
final class BrowserSocket: Sendable {
    struct Refused: Error {}

    struct Event: Decodable, Sendable {
        struct Content: Decodable, Sendable {
            let text: String?
            let sessionID: String?
            let lines: [Line]?

            struct Line: Decodable, Sendable {
                let text: String
            }
        }

        let event: String?
        let data: Content?
    }

    let events: AsyncStream<Event>
    private let channel: any Channel
    private static let opened = Atomic(0)

    private init(channel: any Channel, events: AsyncStream<Event>) {
        self.channel = channel
        self.events = events
    }

    static func open(port: Int, cookie: String? = nil) async throws -> BrowserSocket {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let upgrader = NIOTypedWebSocketClientUpgrader<(any Channel)?>(
            maxFrameSize: 1 << 20,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(continuation))
                    return channel
                }
            }
        )
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: "127.0.0.1:\(port)")
        headers.add(name: "Origin", value: "http://127.0.0.1:\(port)")
        if let cookie { headers.add(name: "Cookie", value: cookie) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/ws", headers: headers)
        // As many people would: the server takes only so many sockets from one address.
        let number = opened.wrappingAdd(1, ordering: .relaxed).newValue
        let person = try SocketAddress(ipAddress: "127.0.\(1 + number / 200 % 200).\(1 + number % 200)", port: 0)
        let upgraded: EventLoopFuture<(any Channel)?> = try await ClientBootstrap(
            group: MultiThreadedEventLoopGroup.singleton
        )
        .bind(to: person)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                let configuration = NIOTypedHTTPClientUpgradeConfiguration(
                    upgradeRequestHead: head,
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(nil) }
                )
                return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: .init(upgradeConfiguration: configuration)
                )
            }
        }
        guard let channel = try await upgraded.get() else { throw Refused() }
        return BrowserSocket(channel: channel, events: events)
    }

    func subscribe(to topic: String, after number: UInt64? = nil) {
        let after = number.map { ",\"after\":\($0)" } ?? ""
        let text = ByteBuffer(string: "{\"subscribe\":\"\(topic)\"\(after)}")
        channel.writeAndFlush(
            WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: text),
            promise: nil
        )
    }

    func close() {
        channel.close(promise: nil)
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = WebSocketFrame
        private let continuation: AsyncStream<Event>.Continuation

        init(_ continuation: AsyncStream<Event>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let frame = unwrapInboundIn(data)
            if frame.opcode == .ping {
                context.channel.writeAndFlush(
                    WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData),
                    promise: nil
                )
            }
            guard frame.opcode == .text,
                let event = try? JSONDecoder().decode(Event.self, from: Data(frame.unmaskedData.readableBytesView))
            else { return }
            continuation.yield(event)
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }
    }
}
