internal import Hummingbird
internal import NIOCore

/// What a form sent (`application/x-www-form-urlencoded`).
struct FormFields: Sendable {
    private let values: [String: String]
    private let lists: [String: [String]]

    init(_ request: Request, limit: Int = 16 * 1024) async throws {
        let type = "application/x-www-form-urlencoded"
        guard request.mediaType == type else { throw RequestError.unsupportedContentType(expected: type) }
        let body = try await request.wholeBody(limit: limit)
        self.init(parsing: String(decoding: body.readableBytesView, as: UTF8.self))
    }

    init(parsing text: String) {
        var values: [String: String] = [:]
        var lists: [String: [String]] = [:]
        for pair in text.split(separator: "&").prefix(256) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap(Self.decoded) else { continue }
            let value = parts.count == 2 ? Self.decoded(parts[1]) : ""
            if let value { lists[name, default: []].append(value) }
            if values[name] == nil { values[name] = value }
        }
        self.values = values
        self.lists = lists
    }

    /// The field without blanks at both ends; nil when it is missing or empty.
    subscript(name: String) -> String? {
        guard let value = values[name]?.trimmed, !value.isEmpty else { return nil }
        return String(value)
    }

    /// The field as it was sent, blanks and all; for passwords.
    func verbatim(_ name: String) -> String { values[name] ?? "" }

    /// All values of a field that may be sent several times, such as boxes that are ticked.
    func all(_ name: String) -> [String] { lists[name] ?? [] }

    /// Whether a box is ticked.
    func isOn(_ name: String) -> Bool { values[name] != nil }

    /// Undoes `%41` and `+`; nil for what is not UTF-8 then, and for U+0000, which no table keeps.
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
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
