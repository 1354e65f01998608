/// A JSON document as it came in, before anybody knows what it ought to be.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Reads one whole document (RFC 8259).
    ///
    /// Refuses names that appear twice in an object and anything nested more than `depth` levels.
    init(parsing bytes: some Sequence<UInt8>, depth: Int = 32) throws(RequestError) {
        var parser = JSONParser(bytes: Array(bytes), depthLimit: depth)
        self = try parser.document()
    }
}

extension JSONValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .number(let number):
            if let whole = Int64(exactly: number) {
                try container.encode(whole)
            } else {
                try container.encode(number)
            }
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let depthLimit: Int
    var position = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func document() throws(RequestError) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw .malformedJSON(at: position) }
        return value
    }

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(RequestError) -> JSONValue {
        skipBlanks()
        guard let byte = current else { throw .malformedJSON(at: position) }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ meaning: JSONValue) throws(RequestError) -> JSONValue {
        let end = position + text.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(text.utf8) else {
            throw .malformedJSON(at: position)
        }
        position = end
        return meaning
    }

    private mutating func object(depth: Int) throws(RequestError) -> JSONValue {
        guard depth <= depthLimit else { throw .jsonTooDeep(limit: depthLimit) }
        position += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else { throw .malformedJSON(at: position) }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw .malformedJSON(at: position) }
            let value = try value(depth: depth)
            guard members.updateValue(value, forKey: name) == nil else { throw .duplicateField(name) }
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw .malformedJSON(at: position) }
        }
    }

    private mutating func array(depth: Int) throws(RequestError) -> JSONValue {
        guard depth <= depthLimit else { throw .jsonTooDeep(limit: depthLimit) }
        position += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw .malformedJSON(at: position) }
        }
    }

    private mutating func string() throws(RequestError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw .malformedJSON(at: start) }
                return text
            case UInt8(ascii: "\\"): try escape(into: &content)
            case ..<0x20: throw .malformedJSON(at: position - 1)
            default: content.append(byte)
            }
        }
        throw .malformedJSON(at: position)
    }

    private mutating func escape(into content: inout [UInt8]) throws(RequestError) {
        guard let byte = current else { throw .malformedJSON(at: position) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try fourDigits())
            if 0xd800...0xdbff ~= code {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .malformedJSON(at: position) }
                let low = UInt32(try fourDigits())
                guard 0xdc00...0xdfff ~= low else { throw .malformedJSON(at: position) }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            // Valid JSON, but no table of ours keeps it.
            guard code != 0 else { throw .nulInText }
            guard let scalar = Unicode.Scalar(code) else { throw .malformedJSON(at: position) }
            content.append(contentsOf: String(scalar).utf8)
        default: throw .malformedJSON(at: position - 1)
        }
    }

    private mutating func fourDigits() throws(RequestError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw .malformedJSON(at: position) }
        var value: UInt16 = 0
        for byte in bytes[position..<(position + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw .malformedJSON(at: position)
            }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }

    private mutating func number() throws(RequestError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leading = current
        guard digits() > 0,
            leading != UInt8(ascii: "0") || position - start <= (bytes[start] == UInt8(ascii: "-") ? 2 : 1)
        else { throw .malformedJSON(at: start) }
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { throw .malformedJSON(at: position) }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw .malformedJSON(at: position) }
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw .malformedJSON(at: start)
        }
        return .number(value)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = current, 0x30...0x39 ~= byte { position += 1 }
        return position - start
    }
}
