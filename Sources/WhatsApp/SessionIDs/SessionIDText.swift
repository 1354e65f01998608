/// A pasted text, cleaned of what copying adds, and the places in it where a payload may begin.
struct SessionIDText {
    /// Without white space, quotes and an assignment around it.
    let trimmed: String
    /// Also without white space and `...` inside, as ASCII; a byte 0 for each character that is not ASCII.
    let compact: [UInt8]
    let hasInnerWhiteSpace: Bool

    init(_ text: String) {
        trimmed = Self.trim(text)
        hasInnerWhiteSpace = trimmed.unicodeScalars.contains(where: Self.isBlank)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(trimmed.utf8.count)
        for scalar in trimmed.unicodeScalars where !Self.isBlank(scalar) {
            if scalar == "…" { continue }
            bytes.append(scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : 0)
        }
        compact = Self.withoutDots(bytes)
    }

    var isJSON: Bool { trimmed.utf8.first == UInt8(ascii: "{") }

    /// What stands before a payload.
    struct Front: Equatable {
        let prefix: String?
        let separator: String?
    }

    struct Payload: Equatable {
        let front: Front
        let text: ArraySlice<UInt8>
    }

    /// Whether something that begins like a payload does not reach the end.
    var looksCut: Bool {
        compact.count >= 40 && compact.indices.contains(where: beginsMarker)
    }

    /// Candidates, most likely first; at most nine.
    ///
    /// First the places in the last run of base64 characters where gzip or a JSON object begins, then all that follows the
    /// last separator.
    func payloads() -> [Payload] {
        let run = trailingRun
        var starts: [Int] = []
        for index in run.indices where starts.count < 8 {
            if beginsMarker(at: index) { starts.append(index) }
        }
        var payloads = starts.map { Payload(front: front(before: $0), text: compact[$0...]) }
        if payloads.isEmpty, let cut = lastSeparatorEnd, cut >= run.startIndex, Self.beginsPayload(compact[cut...]) {
            payloads.append(Payload(front: front(before: cut), text: compact[cut...]))
        } else if payloads.isEmpty, run.count == compact.count, Self.beginsPayload(compact[...]) {
            payloads.append(Payload(front: front(before: 0), text: compact[...]))
        }
        return payloads
    }

    /// What follows the last separator of any bot, or everything.
    var token: ArraySlice<UInt8> {
        let marks = Array("~;!:/_|=".utf8)
        guard let mark = compact.lastIndex(where: marks.contains) else { return compact[...] }
        return compact[(mark + 1)...]
    }

    /// How packed and plain JSON look in base64: gzip, `{"`, `{\n`, `{\r\n`, `{ `, `{\t`.
    private static let markers: [[UInt8]] = ["H4sI", "eyJ", "ewog", "ewoJ", "ewoi", "ew0K", "eyA", "ewki", "ewkJ"]
        .map { Array($0.utf8) }

    private func beginsMarker(at index: Int) -> Bool {
        let first = compact[index]
        // All markers begin with one of these two, which spares most places the comparison.
        guard first == UInt8(ascii: "H") || first == UInt8(ascii: "e") else { return false }
        return Self.markers.contains { compact[index...].starts(with: $0) }
    }

    /// Longest first, since the shorter may be part of the longer.
    private static let separators: [[UInt8]] = [";;;", "___", ":~", "~", "!", ";", ":", "|"].map { Array($0.utf8) }

    /// Base64 characters up to the end, with padding.
    private var trailingRun: ArraySlice<UInt8> {
        var end = compact.count
        while end > 0, compact[end - 1] == UInt8(ascii: "=") { end -= 1 }
        var start = end
        while start > 0, Base64.isDigit(compact[start - 1]) { start -= 1 }
        return compact[start...]
    }

    private var lastSeparatorEnd: Int? {
        let ends = Self.separators.compactMap { separator in
            Self.lastIndex(of: separator, in: compact).map { $0 + separator.count }
        }
        return ends.max()
    }

    private func front(before index: Int) -> Front {
        let front = compact[..<index]
        guard !front.isEmpty else { return Front(prefix: nil, separator: nil) }
        for separator in Self.separators where front.count >= separator.count {
            if front.suffix(separator.count).elementsEqual(separator) {
                let prefix = front.dropLast(separator.count)
                return Front(
                    prefix: prefix.isEmpty ? nil : Self.printable(prefix),
                    separator: String(decoding: separator, as: UTF8.self)
                )
            }
        }
        return Front(prefix: Self.printable(front), separator: nil)
    }

    /// A prefix as it may be shown: what is not a plain character is a question mark, and 32 are enough.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        let shown = bytes.prefix(32).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self) + (bytes.count > 32 ? "…" : "")
    }

    /// Whether base64 text decodes to the beginning of gzip, zlib or a JSON object.
    private static func beginsPayload(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 40, let head = Base64.decode(text.prefix(40)) else { return false }
        if head.starts(with: [0x1F, 0x8B]) { return true }
        if head.first == 0x78, head.count > 1, (0x7800 + Int(head[1])) % 31 == 0 { return true }
        return head.first { ![0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "{")
    }
}

extension SessionIDText {
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B...0x200D, 0x2060, 0xFEFF, 0: true
        case ..<0x80: scalar == " " || (0x09...0x0D).contains(scalar.value)
        default: scalar.properties.isWhitespace
        }
    }

    /// Takes off white space, an assignment as in `SESSION_ID="..."`, and quotes.
    private static func trim(_ text: String) -> String {
        var rest = Substring(text)
        var changed = true
        // Each round takes something off, and three rounds peel a quoted assignment of a quoted text.
        for _ in 0..<6 where changed {
            let before = rest.utf8.count
            rest = trimBlanks(rest)
            rest = trimAssignment(rest)
            rest = trimQuotes(rest)
            changed = rest.utf8.count != before
        }
        return String(rest)
    }

    private static func trimBlanks(_ text: Substring) -> Substring {
        var scalars = text.unicodeScalars
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return Substring(scalars)
    }

    private static func trimAssignment(_ text: Substring) -> Substring {
        var rest = text
        if rest.hasPrefix("export ") { rest = rest.dropFirst(7) }
        for name in ["SESSION_ID", "SESSIONID", "SESSION", "session_id", "sessionId", "session"]
        where rest.hasPrefix(name) {
            let value = trimBlanks(rest.dropFirst(name.count))
            guard let mark = value.first, mark == "=" || mark == ":" else { continue }
            return value.dropFirst()
        }
        return text
    }

    private static func trimQuotes(_ text: Substring) -> Substring {
        let pairs: [(Character, Character)] = [
            ("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"),
        ]
        var rest = text
        for (open, close) in pairs where rest.first == open {
            rest = rest.dropFirst()
            if rest.last == close { rest = rest.dropLast() }
            return rest
        }
        // A closing quote alone is left when the opening one was not copied.
        for (_, close) in pairs where rest.last == close { return rest.dropLast() }
        return rest
    }

    private static func withoutDots(_ bytes: [UInt8]) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == dot, bytes[index...].starts(with: [dot, dot, dot]) {
                index += 3
            } else {
                kept.append(bytes[index])
                index += 1
            }
        }
        return kept
    }

    private static func lastIndex(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.indices.last { bytes[$0] == needle.first && bytes[$0...].starts(with: needle) }
    }
}
