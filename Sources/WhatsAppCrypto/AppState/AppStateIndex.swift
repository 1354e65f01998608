/// The index of a record: a JSON array of texts, the action's name first.
package enum AppStateIndex {
    /// Longer ones are nobody's.
    package static let limit = 8192

    /// As it is written and hashed: without spaces, escaped where JSON demands it.
    package static func encode(_ parts: [String]) -> [UInt8] {
        var text = "["
        for (position, part) in parts.enumerated() {
            if position > 0 { text += "," }
            text += "\""
            for scalar in part.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\n": text += "\\n"
                case "\r": text += "\\r"
                case "\t": text += "\\t"
                case "\u{8}": text += "\\b"
                case "\u{c}": text += "\\f"
                case "\u{0}"..."\u{1f}":
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                default: text.unicodeScalars.append(scalar)
                }
            }
            text += "\""
        }
        return Array((text + "]").utf8)
    }

    /// Reads an array of texts, numbers and truth values, with spaces or without; nil for anything else.
    package static func decode(_ bytes: some Collection<UInt8>) -> [String]? {
        guard bytes.count <= limit else { return nil }
        var reader = Reader(bytes: Array(bytes))
        return reader.array()
    }
}

extension AppStateIndex {
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipSpaces() {
            while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            skipSpaces()
            guard next == byte else { return false }
            position += 1
            return true
        }

        mutating func array() -> [String]? {
            guard take(UInt8(ascii: "[")) else { return nil }
            var parts: [String] = []
            if take(UInt8(ascii: "]")) { return isAtEnd ? parts : nil }
            repeat {
                skipSpaces()
                guard let part = next == UInt8(ascii: "\"") ? string() : word() else { return nil }
                parts.append(part)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")), isAtEnd else { return nil }
            return parts
        }

        private var isAtEnd: Bool {
            mutating get {
                skipSpaces()
                return position == bytes.count
            }
        }

        /// A number, `true`, `false` or `null`, as it is written.
        private mutating func word() -> String? {
            let start = position
            while let byte = next,
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "E")
            {
                position += 1
            }
            let word = bytes[start..<position]
            guard !word.isEmpty else { return nil }
            return String(decoding: word, as: UTF8.self)
        }

        private mutating func string() -> String? {
            position += 1
            var text: [UInt8] = []
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let scalar = escape() else { return nil }
                    text.append(contentsOf: String(scalar).utf8)
                case 0..<0x20: return nil
                default: text.append(byte)
                }
            }
            return nil
        }

        private mutating func escape() -> Unicode.Scalar? {
            guard let byte = next else { return nil }
            position += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{c}"
            case UInt8(ascii: "u"):
                guard let unit = codeUnit() else { return nil }
                guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
                guard next == UInt8(ascii: "\\") else { return nil }
                position += 1
                guard next == UInt8(ascii: "u") else { return nil }
                position += 1
                guard let low = codeUnit(), (0xDC00..<0xE000).contains(low) else { return nil }
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            default: return nil
            }
        }

        /// Four hexadecimal digits.
        private mutating func codeUnit() -> UInt32? {
            guard bytes.count - position >= 4 else { return nil }
            var unit: UInt32 = 0
            for byte in bytes[position..<position + 4] {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                unit = unit << 4 | UInt32(digit)
            }
            position += 4
            return unit
        }
    }
}
