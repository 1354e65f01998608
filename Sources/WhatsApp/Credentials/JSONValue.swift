/// A JSON value, with objects in the order of the text and numbers as they were written.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable, Sendable {
        let name: String
        let value: JSONValue
    }

    /// The value of a number that is whole, however it is written (`12`, `12.0`, `1.2e1`).
    ///
    /// Nil beyond 2^53, where the programs that write these files lose digits.
    static func integer(_ number: String) -> Int64? {
        if let whole = Int64(number) { return whole.magnitude <= 1 << 53 ? whole : nil }
        guard number.utf8.count <= 64, let real = Double(number), real.magnitude <= 0x1p53 else { return nil }
        return Int64(exactly: real)
    }
}

extension JSONValue {
    /// Reads one value and nothing behind it but white space.
    ///
    /// Stricter than Foundation's readers where it matters for a secret of unknown origin: names may not repeat, and size,
    /// depth and number of values are bounded before anything is built.
    static func parse(_ text: some Collection<UInt8>, limits: JSONLimits) throws(CredentialsImportError) -> JSONValue {
        guard text.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        var reader = JSONReader(text: Array(text), limits: limits)
        return try reader.read()
    }
}

/// How much JSON is read at most.
struct JSONLimits: Sendable {
    var bytes: Int
    var depth: Int
    var values: Int

    /// One `creds.json`; used accounts have 6 thousand characters.
    static let credentials = JSONLimits(bytes: 1 << 20, depth: 32, values: 100_000)
    /// A whole folder in one object.
    static let folder = JSONLimits(bytes: 4 << 20, depth: 32, values: 100_000)
}

/// Whether a text is one JSON object, of a depth and a length that can be handed on.
package func isJSONObject(_ text: [UInt8], limit: Int) -> Bool {
    let limits = JSONLimits(bytes: limit, depth: 32, values: 10_000)
    guard case .object = try? JSONValue.parse(text, limits: limits) else { return false }
    return true
}
