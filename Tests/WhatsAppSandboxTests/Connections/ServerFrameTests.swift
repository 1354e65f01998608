import NIOCore
import NIOWebSocket
import Testing

@testable import WhatsAppSandbox

/// The headers of RFC 6455, section 5.2.
struct ServerFrameTests {
    @Test(
        arguments: [
            (0, [0x82, 0]), (125, [0x82, 125]), (126, [0x82, 126, 0, 126]), (65_535, [0x82, 126, 0xff, 0xff]),
            (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] as [(Int, [UInt8])]
    )
    func lengths(count: Int, header: [UInt8]) {
        let payload = [UInt8](repeating: 7, count: count)
        let frame = ServerFrame.encode(.binary, payload, allocator: ByteBufferAllocator())
        #expect(Array(frame.readableBytesView) == header + payload)
    }

    @Test func opcodes() {
        let close = ServerFrame.encode(.connectionClose, [3, 232], allocator: ByteBufferAllocator())
        #expect(Array(close.readableBytesView) == [0x88, 2, 3, 232])
        #expect(
            ServerFrame.encode(.pong, [], allocator: ByteBufferAllocator()).getInteger(at: 0, as: UInt8.self) == 0x8a
        )
    }
}
