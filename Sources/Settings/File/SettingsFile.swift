/// A file of `KEY=VALUE` lines.
///
/// Blank lines and those that begin with `#` say nothing; `export` before a key is allowed. A value stands as it is, up
/// to ` #`; in single quotes literally; in double quotes with `\n`, `\t`, `\"`, `\$` and `\\`. Nothing is expanded.
struct SettingsFile {
    private(set) var values: [String: String] = [:]
    private(set) var lines: [String: Int] = [:]
    private(set) var problems: [SettingsProblem] = []

    /// The largest file that is read.
    static let limit = 1 << 20

    init(name: String, text: String) {
        let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        let rows = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, row) in rows.enumerated() {
            do throws(LineError) {
                guard let (key, value) = try Self.entry(row.trimmingBlanks()) else { continue }
                if let first = lines[key] { throw LineError("\(key) is set already on line \(first)") }
                values[key] = value
                lines[key] = index + 1
            } catch {
                problems.append(SettingsProblem("\(name), line \(index + 1): \(error.reason)"))
            }
        }
    }

    private struct LineError: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    private static func entry(_ line: String) throws(LineError) -> (key: String, value: String)? {
        guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
        let body = line.hasPrefix("export ") ? line.dropFirst(7).trimmingBlanks() : line
        guard let equals = body.firstIndex(of: "=") else { throw LineError("expected KEY=VALUE") }
        let key = body[..<equals].trimmingBlanks()
        let isName = key.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "_")
        }
        guard isName, let first = key.first, !first.isNumber else {
            throw LineError("a key is made of letters, digits and underscores")
        }
        return (key, try value(body[body.index(after: equals)...].trimmingBlanks()))
    }

    private static func value(_ text: String) throws(LineError) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            guard !text.hasPrefix("#") else { return "" }
            let comment = [" #", "\t#"].compactMap { text.firstRange(of: $0)?.lowerBound }.min()
            return (comment.map { text[..<$0] } ?? text[...]).trimmingBlanks()
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let tail = rest.trimmingBlanks()
                guard tail.isEmpty || tail.hasPrefix("#") else { throw LineError("text after the closing quote") }
                return value
            }
            guard character == "\\", quote == "\"" else {
                value.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case .some(let escaped) where "\"\\$".contains(escaped): value.append(escaped)
            default: throw LineError("unknown escape in double quotes")
            }
        }
        throw LineError("the quote is not closed")
    }
}
