internal import NIOCore
internal import NIOWebSocket

/// Puts the frames of a browser together and says what each asks for.
struct WebSocketMessageState {
    enum Action: Equatable {
        case nothing
        case message(String)
        /// A ping to be answered with this payload.
        case pong(ByteBuffer)
        /// The other side says goodbye; the payload is to be sent back.
        case closed(ByteBuffer)
        /// RFC 6455 is broken, or one of our rules.
        case violation(WebSocketErrorCode)
    }

    private var partial: ByteBuffer?

    /// Takes the next frame; a message of more than `limit` bytes is a violation.
    mutating func receive(_ frame: WebSocketFrame, limit: Int) -> Action {
        // A client masks every frame; extensions, which alone may use the reserved bits, are never agreed on.
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .violation(.protocolError) }
        let payload = frame.unmaskedData
        switch frame.opcode {
        case .text:
            guard partial == nil else { return .violation(.protocolError) }
            return append(payload, to: ByteBuffer(), isLast: frame.fin, limit: limit)
        case .continuation:
            guard let begun = partial else { return .violation(.protocolError) }
            return append(payload, to: begun, isLast: frame.fin, limit: limit)
        case .binary: return .violation(.unacceptableData)
        case .ping: return .pong(payload)
        case .pong: return .nothing
        case .connectionClose: return closed(payload)
        default: return .violation(.protocolError)
        }
    }

    private mutating func append(_ payload: ByteBuffer, to begun: ByteBuffer, isLast: Bool, limit: Int) -> Action {
        guard begun.readableBytes + payload.readableBytes <= limit else { return .violation(.messageTooLarge) }
        var whole = begun
        whole.writeImmutableBuffer(payload)
        guard isLast else {
            partial = whole
            return .nothing
        }
        partial = nil
        guard let text = String(validating: whole.readableBytesView, as: UTF8.self) else {
            return .violation(.dataInconsistentWithMessage)
        }
        return .message(text)
    }

    private func closed(_ payload: ByteBuffer) -> Action {
        guard payload.readableBytes > 0 else { return .closed(payload) }
        guard let code = payload.getInteger(at: payload.readerIndex, as: UInt16.self) else {
            return .violation(.protocolError)
        }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: return .violation(.protocolError)
        }
        guard String(validating: payload.readableBytesView.dropFirst(2), as: UTF8.self) != nil else {
            return .violation(.dataInconsistentWithMessage)
        }
        return .closed(payload)
    }
}
