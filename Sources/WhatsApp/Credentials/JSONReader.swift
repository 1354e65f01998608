/// Reads JSON (RFC 8259) from bytes.
struct JSONReader {
    private let text: [UInt8]
    private let limits: JSONLimits
    private var offset = 0
    private var values = 0

    init(text: [UInt8], limits: JSONLimits) {
        self.text = text
        self.limits = limits
    }

    mutating func read() throws(CredentialsImportError) -> JSONValue {
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        let value = try readValue(depth: 0)
        skipWhiteSpace()
        guard offset == text.count else { throw malformed }
        return value
    }

    private var malformed: CredentialsImportError { .notJSON(offset: offset) }

    private var next: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skipWhiteSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard let next, next == byte.asciiValue else { return false }
        offset += 1
        return true
    }

    private mutating func readValue(depth: Int) throws(CredentialsImportError) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw .tooLarge(limit: limits.bytes) }
        skipWhiteSpace()
        switch next.map({ Character(Unicode.Scalar($0)) }) {
        case "{": return try readObject(depth: depth + 1)
        case "[": return try readArray(depth: depth + 1)
        case "\"": return .string(try readString())
        case "t": return try readWord("true", .bool(true))
        case "f": return try readWord("false", .bool(false))
        case "n": return try readWord("null", .null)
        default: return .number(try readNumber())
        }
    }

    private mutating func readWord(_ word: String, _ value: JSONValue) throws(CredentialsImportError) -> JSONValue {
        guard text[offset...].starts(with: word.utf8) else { throw malformed }
        offset += word.utf8.count
        return value
    }

    private mutating func readObject(depth: Int) throws(CredentialsImportError) -> JSONValue {
        guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
        offset += 1
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        skipWhiteSpace()
        if take("}") { return .object([]) }
        repeat {
            skipWhiteSpace()
            guard next == 0x22 else { throw malformed }
            let name = try readString()
            // A name that repeats may be long or a secret; only names that look like fields are repeated to the caller.
            guard names.insert(name).inserted else { throw .duplicateField(Self.printable(name)) }
            skipWhiteSpace()
            guard take(":") else { throw malformed }
            members.append(JSONValue.Member(name: name, value: try readValue(depth: depth)))
            skipWhiteSpace()
        } while take(",")
        guard take("}") else { throw malformed }
        return .object(members)
    }

    private mutating func readArray(depth: Int) throws(CredentialsImportError) -> JSONValue {
        guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
        offset += 1
        var elements: [JSONValue] = []
        skipWhiteSpace()
        if take("]") { return .array([]) }
        repeat {
            elements.append(try readValue(depth: depth))
            skipWhiteSpace()
        } while take(",")
        guard take("]") else { throw malformed }
        return .array(elements)
    }

    private mutating func readNumber() throws(CredentialsImportError) -> String {
        let start = offset
        _ = take("-")
        if !take("0") { try readDigits() }
        if take(".") { try readDigits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try readDigits()
        }
        return String(decoding: text[start..<offset], as: UTF8.self)
    }

    private mutating func readDigits() throws(CredentialsImportError) {
        let start = offset
        while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
        guard offset > start else { throw malformed }
    }

    private mutating func readString() throws(CredentialsImportError) -> String {
        offset += 1
        var bytes: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case 0x22:
                guard let string = String(validating: bytes, as: UTF8.self) else { throw malformed }
                return string
            case 0x5C:
                try readEscape(into: &bytes)
            case 0..<0x20:
                throw malformed
            default:
                bytes.append(byte)
            }
        }
        throw malformed
    }

    private mutating func readEscape(into bytes: inout [UInt8]) throws(CredentialsImportError) {
        guard let mark = next else { throw malformed }
        offset += 1
        switch Character(Unicode.Scalar(mark)) {
        case "\"", "\\", "/": bytes.append(mark)
        case "b": bytes.append(0x08)
        case "f": bytes.append(0x0C)
        case "n": bytes.append(0x0A)
        case "r": bytes.append(0x0D)
        case "t": bytes.append(0x09)
        case "u": bytes.append(contentsOf: String(try readUnicodeEscape()).utf8)
        default: throw malformed
        }
    }

    /// Half a surrogate pair, which JavaScript writes and no UTF-8 can hold, becomes the replacement character.
    private mutating func readUnicodeEscape() throws(CredentialsImportError) -> Unicode.Scalar {
        let first = try readCodeUnit()
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        guard text[offset...].starts(with: [0x5C, 0x75]) else { return "\u{FFFD}" }
        let start = offset
        offset += 2
        let second = try readCodeUnit()
        guard UTF16.isTrailSurrogate(second) else {
            offset = start
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF)) ?? "\u{FFFD}"
    }

    private mutating func readCodeUnit() throws(CredentialsImportError) -> UInt16 {
        guard text.count - offset >= 4 else { throw malformed }
        var unit: UInt16 = 0
        for byte in text[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw malformed }
            unit = unit << 4 | UInt16(digit)
        }
        offset += 4
        return unit
    }

    private static func printable(_ name: String) -> String {
        let isField = name.utf8.count <= 32 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isField ? name : "…"
    }
}
