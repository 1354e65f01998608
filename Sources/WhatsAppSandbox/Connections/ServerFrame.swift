import NIOCore
import NIOWebSocket

/// A whole WebSocket message of the server in one buffer, so that it goes out in one piece (RFC 6455, 5.2).
enum ServerFrame {
    private static let headerLimit = 10

    /// `payload` of at most 125 bytes where the opcode is that of a control frame.
    static func encode(
        _ opcode: WebSocketOpcode,
        _ payload: some Collection<UInt8>,
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: payload.count + headerLimit)
        buffer.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        switch payload.count {
        case 0...125: buffer.writeInteger(UInt8(payload.count))
        case 126...0xffff:
            buffer.writeInteger(126 as UInt8)
            buffer.writeInteger(UInt16(payload.count))
        default:
            buffer.writeInteger(127 as UInt8)
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeBytes(payload)
        return buffer
    }
}
