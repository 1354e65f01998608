internal import Hummingbird
internal import NIOCore

/// What a form sent (`application/x-www-form-urlencoded`).
struct FormFields: Sendable {
    private let values: [String: String]

    init(_ request: Request) async throws {
        let type = "application/x-www-form-urlencoded"
        guard request.mediaType == type else { throw RequestError.unsupportedContentType(expected: type) }
        let body = try await request.wholeBody(limit: 16 * 1024)
        self.init(parsing: String(decoding: body.readableBytesView, as: UTF8.self))
    }

    init(parsing text: String) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&").prefix(64) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap(Self.decoded), values[name] == nil else { continue }
            values[name] = parts.count == 2 ? Self.decoded(parts[1]) : ""
        }
        self.values = values
    }

    /// The field without blanks at both ends; nil when it is missing or empty.
    subscript(name: String) -> String? {
        guard let value = values[name]?.trimmed, !value.isEmpty else { return nil }
        return String(value)
    }

    /// Undoes `%41` and `+`; nil for what is not UTF-8 then.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
