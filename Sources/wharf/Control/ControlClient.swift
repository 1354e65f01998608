import Foundation
import NIOCore
import NIOPosix
import Settings

/// Asks the running server something, over its unix socket.
struct ControlClient {
    let path: String

    init(_ settings: Settings) throws(Failure) {
        path = "\(try Places.data(settings.server))/\(ControlSocket.fileName)"
    }

    /// Sends a request and hands each line of the answer to `take`; throws what the server says is wrong.
    func ask(_ request: ControlRequest, _ take: (ControlReply) throws -> Void) async throws {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw Failure(
                "no server runs on this data folder (\(path)); start one with wharf serve",
                status: .unavailable
            )
        }
        try await channel.executeThenClose { input, output in
            var line = try JSONEncoder().encode(request)
            line.append(UInt8(ascii: "\n"))
            try await output.write(ByteBuffer(bytes: line))
            var pending: [UInt8] = []
            for try await part in input {
                pending.append(contentsOf: part.readableBytesView)
                while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                    let reply = try JSONDecoder().decode(ControlReply.self, from: Data(pending[..<end]))
                    pending.removeFirst(end + 1)
                    if let error = reply.error { throw Failure(error) }
                    try take(reply)
                    if reply.isLast { return }
                }
            }
            throw Failure("the server has gone away", status: .unavailable)
        }
    }
}
