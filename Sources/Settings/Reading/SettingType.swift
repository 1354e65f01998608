/// How the text of a setting becomes a value.
struct SettingType<Value: Sendable>: Sendable {
    /// What the text must be, to follow "must be".
    let expectation: String
    /// Whether an empty text is a value; where it is not, it counts as not set.
    var acceptsEmpty = false
    let parse: @Sendable (String) -> Value?
    let write: @Sendable (Value) -> String
}

extension SettingType where Value == String {
    /// Anything that can be written on one line.
    static func text(_ expectation: String, limit: Int = 200) -> Self {
        Self(
            expectation: "\(expectation), at most \(limit) characters",
            parse: { text in
                let isOneLine = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
                return isOneLine && text.count <= limit ? text : nil
            },
            write: { $0 }
        )
    }

    static var host: Self {
        Self(
            expectation: "a host name or an IP address",
            parse: { text in
                let isPlain = text.utf8.allSatisfy { byte in
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                        || ".:-_%".utf8.contains(byte)
                }
                return isPlain && text.count <= 255 ? text : nil
            },
            write: { $0 }
        )
    }

    static var path: Self { .text("a path", limit: 4_000) }

    /// `http` or `https`, a host, a port or none; nothing behind it.
    static var origin: Self {
        Self(
            expectation: "an origin such as https://example.org",
            parse: { WebAddress($0).flatMap { $0.path.isEmpty ? $0.text : nil } },
            write: { $0 }
        )
    }

    static var webAddress: Self {
        Self(
            expectation: "an address such as https://example.org",
            parse: { WebAddress($0).flatMap { $0.path.isEmpty || $0.path == "/" ? $0.origin : nil } },
            write: { $0 }
        )
    }

    /// An IP address, or a range of them in CIDR form.
    static var addressRange: Self {
        Self(
            expectation: "an IP address or a range such as 10.0.0.0/8",
            parse: { CIDR.isValid($0) ? $0 : nil },
            write: { $0 }
        )
    }
}

extension SettingType where Value == Int {
    static func wholeNumber(_ range: ClosedRange<Int>) -> Self {
        Self(
            expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { Int($0).flatMap { range.contains($0) ? $0 : nil } },
            write: { "\($0)" }
        )
    }
}

extension SettingType where Value == Bool {
    static var switching: Self {
        Self(
            expectation: "true or false",
            parse: { text in
                switch text.lowercased() {
                case "true", "yes", "on", "1": true
                case "false", "no", "off", "0": false
                default: nil
                }
            },
            write: { $0 ? "true" : "false" }
        )
    }
}

extension SettingType where Value == Duration {
    /// A whole number with its unit: `250ms`, `30s`, `5m`, `2h`.
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self(
            expectation: "a time from \(text(range.lowerBound)) to \(text(range.upperBound)), such as 90s or 5m",
            parse: { written in
                let digits = written.prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits), number <= 1_000_000_000 else { return nil }
                let duration: Duration
                switch written.dropFirst(digits.count) {
                case "ms": duration = .milliseconds(number)
                case "s": duration = .seconds(number)
                case "m": duration = .seconds(number * 60)
                case "h": duration = .seconds(number * 3_600)
                default: return nil
                }
                return range.contains(duration) ? duration : nil
            },
            write: text
        )
    }

    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds == 0 else { return "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)ms" }
        if seconds >= 3_600, seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds >= 60, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}

extension SettingType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One word out of a few.
    static var choice: Self {
        Self(
            expectation: Value.allCases.map(\.rawValue).joined(separator: ", ").replacingLastComma(),
            parse: { Value(rawValue: $0.lowercased()) },
            write: { $0.rawValue }
        )
    }
}

extension SettingType {
    /// Several of the same kind, with commas between them.
    static func list<Element: Sendable>(of type: SettingType<Element>) -> SettingType<[Element]>
    where Value == [Element] {
        SettingType<[Element]>(
            expectation: "a list with commas, each \(type.expectation)",
            acceptsEmpty: true,
            parse: { text in
                var elements: [Element] = []
                for part in text.split(separator: ",") {
                    guard let element = type.parse(part.trimmingBlanks()) else { return nil }
                    elements.append(element)
                }
                return elements.count <= 1_000 ? elements : nil
            },
            write: { $0.map(type.write).joined(separator: ",") }
        )
    }
}

extension StringProtocol {
    func trimmingBlanks() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isBlank($0) }), let end = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[start...end])
    }

    /// `a, b, c` as `a, b or c`.
    func replacingLastComma() -> String {
        guard let comma = lastIndex(of: ",") else { return String(self) }
        return self[..<comma] + " or" + self[index(after: comma)...]
    }
}
