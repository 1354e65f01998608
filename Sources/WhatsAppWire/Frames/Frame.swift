/// Why a byte stream is no stream of frames.
package enum FrameError: Error, Equatable {
    /// The stream does not begin with the protocol's four bytes.
    case badPrologue
    case tooLong(Int, limit: Int)
}

/// `len24 || payload`, the unit of encryption.
package enum Frame {
    /// `WA`, protocol 6, dictionary 3: once per connection, in front of the client's first frame.
    package static let prologue: [UInt8] = [0x57, 0x41, 0x06, 0x03]
    /// `ED 00 01`: routing information stands in front of the prologue.
    static let routingMark: [UInt8] = [0x45, 0x44, 0x00, 0x01]
    package static let maximumLength = 1 << 24 - 1

    /// One frame, its length in front.
    package static func encode(_ payload: [UInt8]) throws(FrameError) -> [UInt8] {
        guard payload.count <= maximumLength else { throw .tooLong(payload.count, limit: maximumLength) }
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + 3)
        appendLength(payload.count, to: &frame)
        frame.append(contentsOf: payload)
        return frame
    }

    /// What a client sends first: routing information if the service gave some, the prologue, the first frame.
    package static func opening(_ payload: [UInt8], routingInfo: [UInt8]?) throws(FrameError) -> [UInt8] {
        var bytes: [UInt8] = []
        if let routingInfo, !routingInfo.isEmpty {
            guard routingInfo.count <= maximumLength else {
                throw .tooLong(routingInfo.count, limit: maximumLength)
            }
            bytes.append(contentsOf: routingMark)
            appendLength(routingInfo.count, to: &bytes)
            bytes.append(contentsOf: routingInfo)
        }
        bytes.append(contentsOf: prologue)
        try bytes.append(contentsOf: encode(payload))
        return bytes
    }

    private static func appendLength(_ count: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: count >> 16))
        bytes.append(UInt8(truncatingIfNeeded: count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: count))
    }
}
