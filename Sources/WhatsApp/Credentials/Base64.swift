/// Base64 as the bot ecosystem writes it: both alphabets, with or without padding.
package enum Base64 {
    /// Standard alphabet with padding.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        encode(bytes, alphabet: standard, padded: true)
    }

    /// URL alphabet without padding.
    package static func encodeURLSafe(_ bytes: some Collection<UInt8>) -> String {
        encode(bytes, alphabet: urlSafe, padded: false)
    }

    /// Nil when there is anything in it but characters of the two alphabets and padding at the end, or a length that no
    /// bytes have.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var characters = text.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters / 4 * 3 + 3)
        var buffer: UInt32 = 0
        var bits = 0
        var padding = 0
        for character in text {
            if character == 0x3D {
                padding += 1
                characters -= 1
                guard padding <= 2 else { return nil }
                continue
            }
            guard padding == 0, let value = value(of: character) else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard characters % 4 != 1, padding == 0 || (characters + padding) % 4 == 0 else { return nil }
        return bytes
    }

    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode(Array(text.utf8))
    }

    /// Whether a byte belongs to one of the two alphabets; padding does not.
    static func isDigit(_ character: UInt8) -> Bool { value(of: character) != nil }

    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }

    private static func encode(_ bytes: some Collection<UInt8>, alphabet: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer & 0xFF) << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> UInt32(bits) & 0x3F)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(6 - bits) & 0x3F)]) }
        if padded { while text.count % 4 != 0 { text.append(0x3D) } }
        return String(decoding: text, as: UTF8.self)
    }
}
