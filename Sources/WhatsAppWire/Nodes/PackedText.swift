/// Bytes of the wire as strings.
enum PackedText {
    /// Two characters from each byte, of the alphabet of `nibble8` or `hex8`; nil where a half means nothing.
    ///
    /// Where the number of characters is odd, the last half is padding.
    static func unpack(_ packed: UnsafeBufferPointer<UInt8>, isOdd: Bool, alphabet: UInt8) -> String? {
        guard !(isOdd && packed.isEmpty) else { return nil }
        let count = packed.count * 2 - (isOdd ? 1 : 0)
        let isHexadecimal = alphabet == WireTag.hex8
        // Two characters from each of the 127 bytes that a header can name, and what the last store writes beyond.
        return withUnsafeTemporaryAllocation(byteCount: 264, alignment: 8) { characters in
            guard packed.count <= 127 else { return nil }
            var index = 0
            var beyondNibbles: UInt64 = 0
            while index < packed.count {
                var halves = spread(four(packed, from: index))
                let used = count - 2 * index
                // Bytes beyond the last character must not count as wrong ones.
                if used < 8 { halves &= ~(UInt64.max << UInt64(8 * used)) }
                beyondNibbles |= (halves &+ 0x0404_0404_0404_0404) & 0x1010_1010_1010_1010
                let letters = ((halves &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
                // From ':' on, behind '9': hexadecimal letters are 7 later, '-' and '.' 13 earlier.
                let digits = halves &+ 0x3030_3030_3030_3030
                let text = isHexadecimal ? digits &+ letters &* 7 : digits &- letters &* 13
                characters.storeBytes(of: text.littleEndian, toByteOffset: 2 * index, as: UInt64.self)
                index += 4
            }
            guard isHexadecimal || beyondNibbles == 0 else { return nil }
            return String(decoding: UnsafeRawBufferPointer(rebasing: characters[..<count]), as: UTF8.self)
        }
    }

    /// Four bytes, the first in the lowest place; zeros where there are fewer.
    @inline(__always)
    private static func four(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> UInt64 {
        if bytes.count - index >= 4 {
            let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt32.self)
            return UInt64(UInt32(littleEndian: word))
        }
        var word: UInt64 = 0
        for offset in 0..<bytes.count - index { word |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
        return word
    }

    /// The halves of four bytes, each in a byte of its own, high half first.
    @inline(__always)
    private static func spread(_ four: UInt64) -> UInt64 {
        var word = (four | four << 16) & 0x0000_ffff_0000_ffff
        word = (word | word << 8) & 0x00ff_00ff_00ff_00ff
        return (word >> 4 & 0x000f_000f_000f_000f) | (word & 0x000f_000f_000f_000f) << 8
    }

    /// Nil when the bytes are not UTF-8.
    static func text(of bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        // ASCII needs no check; the other way of making a string is several times slower.
        if all < 0x80 { return String(decoding: bytes, as: UTF8.self) }
        return String(validating: bytes, as: UTF8.self)
    }
}
