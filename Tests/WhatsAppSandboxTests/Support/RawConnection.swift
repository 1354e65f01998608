import NIOCore
import NIOPosix
import Testing

/// A TCP connection whose bytes the test writes and reads itself; it closes by itself when the test hangs.
final class RawConnection {
    struct Closed: Error {}

    private let channel: any Channel
    private var incoming: AsyncStream<[UInt8]>.Iterator
    private var buffer: [UInt8] = []
    private let limit: Scheduled<Void>

    static func open(port: Int, limit: TimeAmount = .seconds(60)) async throws -> RawConnection {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation: continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawConnection(channel: channel, stream: stream, limit: limit)
    }

    private init(channel: any Channel, stream: AsyncStream<[UInt8]>, limit: TimeAmount) {
        self.channel = channel
        incoming = stream.makeAsyncIterator()
        self.limit = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    deinit {
        limit.cancel()
        channel.close(promise: nil)
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(channel.allocator.buffer(bytes: bytes))
    }

    func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    /// Ends the own direction only.
    func closeOutput() async throws {
        try await channel.close(mode: .output).get()
    }

    /// Exactly so many bytes.
    ///
    /// Throws ``Closed`` when the other side closes before.
    func read(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count {
            guard let more = await incoming.next() else { throw Closed() }
            buffer += more
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// A head of HTTP, with the empty line.
    func readHead() async throws -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) { head += try await read(1) }
        return String(decoding: head, as: UTF8.self)
    }

    /// Everything until the other side closes.
    func readToEnd() async -> [UInt8] {
        while let more = await incoming.next() { buffer += more }
        defer { buffer = [] }
        return buffer
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<[UInt8]>.Continuation

        init(continuation: AsyncStream<[UInt8]>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
