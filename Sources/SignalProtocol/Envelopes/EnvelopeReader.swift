/// Reads the fields of one Signal envelope, a small flat protobuf message.
///
/// The ratchet is hot enough that a general decoder would show; unknown fields are stepped over, groups are refused.
struct EnvelopeReader {
    enum Value {
        case number(UInt64)
        case bytes(Range<Int>)
        case skipped
    }

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// Reads from `start`, up to `trailer` bytes before the end.
    init(_ bytes: [UInt8], from start: Int, trailer: Int) throws(SignalError) {
        guard start >= 0, trailer >= 0, bytes.count >= trailer, start <= bytes.count - trailer else {
            throw .malformed
        }
        self.bytes = bytes
        position = start
        end = bytes.count - trailer
    }

    /// The next field, nil at the end.
    mutating func next() throws(SignalError) -> (field: UInt64, value: Value)? {
        guard position < end else { return nil }
        let tag = try varint()
        let field = tag >> 3
        guard field != 0 else { throw .malformed }
        switch tag & 7 {
        case 0: return (field, .number(try varint()))
        case 1: return (field, try skip(8))
        case 2:
            guard let length = Int(exactly: try varint()), length <= end - position else { throw .malformed }
            let range = position..<(position + length)
            position += length
            return (field, .bytes(range))
        case 5: return (field, try skip(4))
        default: throw .malformed
        }
    }

    private mutating func skip(_ count: Int) throws(SignalError) -> Value {
        guard count <= end - position else { throw .malformed }
        position += count
        return .skipped
    }

    private mutating func varint() throws(SignalError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        throw .malformed
    }
}

extension EnvelopeReader.Value {
    var number: UInt32 {
        get throws(SignalError) {
            guard case .number(let value) = self, let number = UInt32(exactly: value) else { throw .malformed }
            return number
        }
    }

    func bytes(of envelope: [UInt8]) throws(SignalError) -> ArraySlice<UInt8> {
        guard case .bytes(let range) = self else { throw .malformed }
        return envelope[range]
    }

    /// A public key: 33 bytes, the first of them 5.
    func publicKey(of envelope: [UInt8]) throws(SignalError) -> Key256 {
        let bytes = try bytes(of: envelope)
        guard bytes.first == SignalEnvelope.keyType, let key = Key256(bytes.dropFirst()) else { throw .malformed }
        return key
    }

    func key(of envelope: [UInt8]) throws(SignalError) -> Key256 {
        guard let key = Key256(try bytes(of: envelope)) else { throw .malformed }
        return key
    }
}
