/// The base 32 of codes that people read and type: no 0, I, O or U.
enum LinkingAlphabet {
    private static let characters = Array("123456789ABCDEFGHJKLMNPQRSTVWXYZ")
    static let codeLength = 8

    /// Five bytes as eight characters.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(characters[Int(buffer >> UInt32(bits)) & 31])
            }
            buffer &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { text.append(characters[Int(buffer << UInt32(5 - bits)) & 31]) }
        return text
    }

    /// A code as a person typed it, without separators and in capitals; nil when it cannot be one.
    static func normalize(_ typed: String) -> String? {
        guard typed.utf8.count <= 64 else { return nil }
        let code = typed.uppercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "." && $0 != "–" && $0 != "_" }
        guard code.count == codeLength, code.allSatisfy(characters.contains) else { return nil }
        return code
    }
}
