internal import Foundation
internal import NIOCore
internal import NIOPosix

/// The only way out for a sandboxed program: a proxy on a socket file, for one job.
///
/// It looks each host up itself, refuses addresses that are not public, and connects to the very address that it has
/// checked; so a name that changes its meaning, or a redirect, leads nowhere else. All bytes count against one budget.
struct OutboundProxy: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let rules: OutboundRules
    private let budget: ProxyBudget

    private enum Refusal: Error {
        case exceeded
    }

    /// Runs a proxy for as long as the body; the path is its socket's.
    static func run<Value: Sendable>(
        rules: OutboundRules,
        budget: ProxyBudget,
        _ body: @escaping @Sendable (String) async throws(ToolError) -> Value
    ) async throws(ToolError) -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "p-\(UUID().uuidString.prefix(13))")
        let path = folder.appending(path: "s").path
        guard path.utf8.count < 104, mkdir(folder.path, 0o711) == 0 else { throw .system(errno: ENAMETOOLONG) }
        defer { try? FileManager.default.removeItem(at: folder) }
        let server: NIOAsyncChannel<Connection, Never>
        do {
            server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                .bind(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture { try wrapped(channel) }
                }
        } catch {
            throw .system(errno: EADDRNOTAVAIL)
        }
        // The program inside may be nobody; the folder's name is what keeps others out.
        chmod(path, 0o666)
        let proxy = OutboundProxy(rules: rules, budget: budget)
        let result = await withTaskGroup(of: Result<Value, ToolError>?.self) { group in
            group.addTask {
                await proxy.serve(server)
                return nil
            }
            group.addTask {
                do throws(ToolError) {
                    return .success(try await body(path))
                } catch {
                    return .failure(error)
                }
            }
            var result: Result<Value, ToolError>?
            for await ended in group {
                guard let ended else { continue }
                result = ended
                group.cancelAll()
            }
            return result
        }
        guard let result else { throw .cancelled }
        return try result.get()
    }

    private static func wrapped(_ channel: any Channel) throws -> Connection {
        try Connection(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true)
        )
    }

    private func serve(_ server: NIOAsyncChannel<Connection, Never>) async {
        try? await server.executeThenClose { connections in
            await withDiscardingTaskGroup { group in
                do {
                    for try await connection in connections { group.addTask { await serve(connection) } }
                } catch {
                    // Nobody comes any more.
                }
                group.cancelAll()
            }
        }
    }

    private func serve(_ client: Connection) async {
        try? await client.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            guard let (request, rest) = try await readRequest(&iterator) else { return }
            guard let server = try await connect(request) else {
                let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                return try await outbound.write(ByteBuffer(string: answer))
            }
            try await server.executeThenClose { serverInbound, serverOutbound in
                if let head = request.head {
                    try await serverOutbound.write(ByteBuffer(bytes: head))
                } else {
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
                }
                if rest.readableBytes > 0 { try await serverOutbound.write(rest) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await piece in serverInbound {
                            guard budget.take(piece.readableBytes) else { throw Refusal.exceeded }
                            try await outbound.write(piece)
                        }
                        outbound.finish()
                    }
                    while let piece = try await iterator.next() {
                        guard budget.take(piece.readableBytes) else { throw Refusal.exceeded }
                        try await serverOutbound.write(piece)
                    }
                    serverOutbound.finish()
                    try await group.waitForAll()
                }
            }
        }
    }

    private func readRequest(
        _ iterator: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) async throws -> (ProxyRequest, ByteBuffer)? {
        var read = ByteBuffer()
        while read.readableBytes <= ProxyRequest.headLimit, var piece = try await iterator.next() {
            read.writeBuffer(&piece)
            guard let end = read.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let length = end.lowerBound - read.readerIndex
            guard let head = read.readString(length: length), let request = ProxyRequest(head: head) else { return nil }
            read.moveReaderIndex(forwardBy: 4)
            return (request, read)
        }
        return nil
    }

    /// Nil where the address is not one that may be reached, or nobody answers there.
    private func connect(_ request: ProxyRequest) async throws -> Connection? {
        guard budget.connect() else { return nil }
        let addresses = await AddressLookup.addresses(of: request.host, port: request.port)
        guard !addresses.isEmpty else { return nil }
        guard addresses.allSatisfy({ rules.admits($0) }) else {
            budget.refuse()
            return nil
        }
        for address in addresses {
            let connection = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(10))
                .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                .connect(to: address) { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.wrapped(channel) }
                }
            if let connection { return connection }
        }
        return nil
    }
}
