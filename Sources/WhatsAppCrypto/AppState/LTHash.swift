internal import Crypto
internal import Foundation

/// The hash of a set of records: each can be taken out and put in by itself, in any order.
///
/// 64 words of 16 bits, modulo 65,536, little-endian in their byte form.
package struct LTHash: Sendable, Equatable {
    package static let size = 128

    private var words: SIMD64<UInt16>

    /// Of no records.
    package init() {
        words = .zero
    }

    /// Nil when there are not 128 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        words = Self.words(of: Array(bytes))
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        for index in words.indices {
            bytes.append(UInt8(truncatingIfNeeded: words[index]))
            bytes.append(UInt8(truncatingIfNeeded: words[index] >> 8))
        }
        return bytes
    }

    package mutating func add(_ valueMAC: [UInt8]) {
        words = words &+ Self.expand(valueMAC)
    }

    package mutating func subtract(_ valueMAC: [UInt8]) {
        words = words &- Self.expand(valueMAC)
    }

    /// HKDF-SHA256 without salt to 128 bytes, info `WhatsApp Patch Integrity`.
    private static func expand(_ valueMAC: [UInt8]) -> SIMD64<UInt16> {
        let item = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: valueMAC),
            salt: [UInt8](),
            info: info,
            outputByteCount: size
        )
        return item.withUnsafeBytes { words(of: Array($0)) }
    }

    private static let info = Array("WhatsApp Patch Integrity".utf8)

    private static func words(of bytes: [UInt8]) -> SIMD64<UInt16> {
        var words = SIMD64<UInt16>.zero
        for index in words.indices where index * 2 + 1 < bytes.count {
            words[index] = UInt16(bytes[index * 2]) | UInt16(bytes[index * 2 + 1]) << 8
        }
        return words
    }
}
