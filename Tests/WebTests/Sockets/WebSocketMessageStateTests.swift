import NIOCore
import NIOWebSocket
import Testing

@testable import Web

struct WebSocketMessageStateTests {
    @Test func anyFramesAreAnsweredAndNeverTrap() {
        var random = SystemRandomNumberGenerator()
        var state = WebSocketMessageState()
        for _ in 0..<20_000 {
            let payload = ByteBuffer(bytes: (0..<Int.random(in: 0...20)).map { _ in UInt8.random(in: 0...255) })
            let frame = WebSocketFrame(
                fin: Bool.random(using: &random),
                rsv1: Int.random(in: 0...20) == 0,
                opcode: WebSocketOpcode(encodedWebSocketOpcode: UInt8.random(in: 0...15)) ?? .text,
                maskKey: Int.random(in: 0...20) == 0 ? nil : .random(),
                data: payload
            )
            switch state.receive(frame, limit: 64) {
            case .message(let text): #expect(text.utf8.count <= 64)
            case .violation: state = WebSocketMessageState()
            case .nothing, .pong, .closed: break
            }
        }
    }

    @Test func aTextMayBeCutWithinACharacter() {
        var state = WebSocketMessageState()
        let bytes = Array("é".utf8)
        let mask = WebSocketMaskingKey([0, 0, 0, 0])
        let first = WebSocketFrame(fin: false, opcode: .text, maskKey: mask, data: ByteBuffer(bytes: bytes.prefix(1)))
        let second = WebSocketFrame(
            fin: true,
            opcode: .continuation,
            maskKey: mask,
            data: ByteBuffer(bytes: bytes.suffix(1))
        )
        #expect(state.receive(first, limit: 10) == .nothing)
        #expect(state.receive(second, limit: 10) == .message("é"))
    }
}
