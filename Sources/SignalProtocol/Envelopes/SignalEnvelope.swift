/// What all envelopes of the Signal layer have in common.
enum SignalEnvelope {
    /// Message version 3 in the high half, own maximum 3 in the low one.
    static let version: UInt8 = 0x33
    /// The byte in front of a serialised Curve25519 key.
    static let keyType: UInt8 = 0x05
    static let macLength = 8

    /// Lower versions are long gone; higher ones are the post-quantum ones, which WhatsApp does not use.
    static func checkVersion(_ bytes: [UInt8]) throws(SignalError) {
        guard let version = bytes.first else { throw .malformed }
        guard version >> 4 == 3 else { throw .unsupportedVersion(Int(version >> 4)) }
    }
}

/// Appends fields of an envelope.
extension Array where Element == UInt8 {
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func appendField(_ field: UInt8, number: UInt32) {
        append(field << 3)
        appendVarint(UInt64(number))
    }

    mutating func appendField(_ field: UInt8, bytes: [UInt8]) {
        append(field << 3 | 2)
        appendVarint(UInt64(bytes.count))
        append(contentsOf: bytes)
    }

    mutating func appendField(_ field: UInt8, publicKey: Key256) {
        append(field << 3 | 2)
        append(33)
        append(SignalEnvelope.keyType)
        append(publicKey)
    }
}
