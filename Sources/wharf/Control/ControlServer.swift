import Fleet
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Answers the command line on a unix socket that only the server's own user may open.
struct ControlServer: Service {
    private typealias Client = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let path: String
    let scheduler: SessionScheduler
    let logger: Logger

    func run() async throws {
        let server: NIOAsyncChannel<Client, Never>
        do {
            server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(ControlLineDecoder()))
                        return try Client(wrappingChannelSynchronously: channel)
                    }
                }
            chmod(path, 0o600)
        } catch {
            // Everything else works without it.
            logger.error("The command line cannot reach this server", metadata: ["error": "\(error)"])
            try? await gracefulShutdown()
            return
        }
        do {
            try await cancelWhenGracefulShutdown {
                try await server.executeThenClose { clients in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await client in clients { group.addTask { await serve(client) } }
                    }
                }
            }
        } catch {
            // The normal end; anything else is no reason to end all other parts.
            if !Task.isCancelled, !Task.isShuttingDownGracefully {
                logger.error("The command line cannot reach this server any more", metadata: ["error": "\(error)"])
                try? await gracefulShutdown()
            }
        }
        unlink(path)
    }

    private func serve(_ client: Client) async {
        do {
            try await client.executeThenClose { lines, output in
                for try await line in lines {
                    let desk = ControlDesk(scheduler: scheduler) { reply in
                        var text = try JSONEncoder().encode(reply)
                        text.append(UInt8(ascii: "\n"))
                        try await output.write(ByteBuffer(bytes: text))
                    }
                    try await desk.answer(Array(line.readableBytesView))
                }
            }
        } catch {
            logger.debug("A command line went away", metadata: ["error": "\(error)"])
        }
    }
}

/// Cuts at line feeds.
private struct ControlLineDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    struct TooLong: Error {}

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        let bytes = buffer.readableBytesView
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count <= ControlSocket.lineLimit else { throw TooLong() }
            return .needMoreData
        }
        guard let line = buffer.readSlice(length: end - bytes.startIndex) else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }

    mutating func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws
        -> DecodingState
    {
        try decode(context: context, buffer: &buffer)
    }
}
