import NIOCore
import NIOSSL

/// Tells TLS from plain HTTP by a connection's first byte, so that every port of the sandbox takes both.
final class TLSDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// The content type of the first record of every TLS connection (RFC 8446, section 5.1: handshake).
    private static let handshake: UInt8 = 22

    private let tls: NIOSSLContext

    init(_ tls: NIOSSLContext) {
        self.tls = tls
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let pipeline = context.pipeline.syncOperations
        if buffer.getInteger(at: buffer.readerIndex) == Self.handshake {
            do {
                try pipeline.addHandler(NIOSSLServerHandler(context: tls), position: .after(self))
            } catch {
                context.close(promise: nil)
                return
            }
        }
        context.fireChannelRead(data)
        pipeline.removeHandler(context: context, promise: nil)
    }
}
