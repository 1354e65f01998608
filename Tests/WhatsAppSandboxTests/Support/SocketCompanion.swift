import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

/// A WebSocket of a test companion, framed by hand.
final class TestWebSocket {
    struct Message: Equatable {
        let opcode: UInt8
        let bytes: [UInt8]
    }

    let connection: RawConnection

    static func open(port: Int, path: String = "/ws/chat") async throws -> TestWebSocket {
        let connection = try await RawConnection.open(port: port)
        try await connection.write(
            """
            GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r
            Origin: https://web.whatsapp.com\r\nSec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
            """
        )
        let head = try await connection.readHead()
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        #expect(head.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
        return TestWebSocket(connection: connection)
    }

    private init(connection: RawConnection) {
        self.connection = connection
    }

    static func frame(_ bytes: [UInt8], opcode: UInt8 = 2, isLast: Bool = true, isMasked: Bool = true) -> [UInt8] {
        var frame: [UInt8] = [opcode | (isLast ? 0x80 : 0)]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch bytes.count {
        case ..<126: frame.append(UInt8(bytes.count) | mask)
        case ..<65_536: frame += [126 | mask, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)]
        default: frame += [127 | mask] + (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (56 - 8 * $0)) }
        }
        guard isMasked else { return frame + bytes }
        let key: [UInt8] = [1, 2, 3, 4]
        return frame + key + bytes.enumerated().map { $1 ^ key[$0 % 4] }
    }

    func send(_ bytes: [UInt8], opcode: UInt8 = 2, isLast: Bool = true) async throws {
        try await connection.write(Self.frame(bytes, opcode: opcode, isLast: isLast))
    }

    func next() async throws -> Message {
        let start = try await connection.read(2)
        var length = Int(start[1] & 127)
        if length == 126 {
            length = try await connection.read(2).reduce(0) { $0 << 8 | Int($1) }
        } else if length == 127 {
            length = try await connection.read(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Message(opcode: start[0] & 15, bytes: try await connection.read(length))
    }
}

/// A test companion on a real socket.
final class SocketCompanion {
    let socket: TestWebSocket
    private var frames = FrameDecoder(role: .client)
    private var transport: NoiseTransport?
    /// How many binary messages came, to tell split and joined frames.
    private(set) var messages = 0
    private(set) var flags: [UInt8] = []

    /// Opens a socket and shakes hands.
    init(
        port: Int,
        companion: TestCompanion,
        rootKey: [UInt8],
        payload: [UInt8],
        routingInfo: [UInt8]? = nil,
        path: String = "/ws/chat"
    ) async throws {
        socket = try await TestWebSocket.open(port: port, path: path)
        var random = SystemRandomNumberGenerator()
        let noise = NoiseInitiator(
            staticKey: companion.noise,
            ephemeral: .generate(using: &random),
            rootKey: rootKey
        )
        try await socket.send(try Frame.opening(noise.clientHello(), routingInfo: routingInfo))
        let hello = try await nextFrame()
        let finish = try noise.finish(serverHello: hello, payload: payload, now: Date())
        transport = finish.transport
        try await socket.send(try Frame.encode(finish.clientFinish))
    }

    private func nextFrame() async throws -> [UInt8] {
        while true {
            if let frame = try frames.next() { return frame }
            let message = try await socket.next()
            guard message.opcode == 2 else { throw RawConnection.Closed() }
            messages += 1
            frames.append(message.bytes)
        }
    }

    func next() async throws -> BinaryNode {
        let frame = try await nextFrame()
        let plain = try #require(try transport?.open(frame))
        flags.append(plain[0])
        return try StanzaCodec.decode(plain)
    }

    /// The next stanza with that tag; others before it are passed over.
    func next(_ tag: String) async throws -> BinaryNode {
        while true {
            let node = try await next()
            if node.tag == tag { return node }
        }
    }

    func seal(_ node: BinaryNode) throws -> [UInt8] {
        try Frame.encode(try #require(try transport?.seal(StanzaCodec.encode(node))))
    }

    func send(_ node: BinaryNode) async throws {
        try await socket.send(try seal(node))
    }
}
