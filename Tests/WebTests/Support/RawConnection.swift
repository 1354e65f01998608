import NIOCore
import NIOPosix

/// The other side hung up before all had come that was waited for.
struct ConnectionEnded: Error {}

/// A TCP connection on which a test writes whatever bytes it likes.
final class RawConnection {
    private let channel: any Channel
    private var iterator: AsyncStream<ByteBuffer>.AsyncIterator
    private var buffer = ByteBuffer()

    init(port: Int, autoRead: Bool = true) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: autoRead)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        iterator = stream.makeAsyncIterator()
    }

    func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Says that nothing more will be written, and goes on reading.
    func closeOutput() async throws {
        try await channel.close(mode: .output)
    }

    /// Leaves what comes in the kernel's buffers, until those are full.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func close() async {
        try? await channel.close()
    }

    func read(_ count: Int) async throws -> [UInt8] {
        while buffer.readableBytes < count { try await more() }
        return buffer.readBytes(length: count) ?? []
    }

    /// Everything up to and including these bytes.
    func read(through mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        while true {
            let bytes = Array(buffer.readableBytesView)
            for start in bytes.indices where bytes[start] == mark[0] && bytes[start...].starts(with: mark) {
                return String(decoding: try await read(start + mark.count), as: UTF8.self)
            }
            try await more()
        }
    }

    /// Everything until the other side hangs up.
    func readToEnd() async -> String {
        while (try? await more()) != nil {}
        return String(decoding: buffer.readableBytesView, as: UTF8.self)
    }

    private func more() async throws {
        guard var part = await iterator.next() else { throw ConnectionEnded() }
        buffer.writeBuffer(&part)
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { continuation.finish() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        continuation.finish()
        context.close(promise: nil)
    }
}
