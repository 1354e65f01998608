internal import Accounts
internal import Fleet
internal import Foundation
internal import Mustache

/// The texts of one language, by dotted names such as `login.title`.
struct Strings: Sendable {
    let language: Language
    let root: StringGroup
    /// By whole names.
    private let texts: [String: String]

    init(language: Language, root: StringGroup) {
        self.language = language
        self.root = root
        texts = root.texts
    }

    /// The text of that name, with `{name}` replaced by its value.
    ///
    /// A name that does not exist gives itself, which the tests find.
    func callAsFunction(_ name: String, _ values: [String: String] = [:]) -> String {
        guard let text = texts[name] else { return name }
        return values.isEmpty ? text : Self.fill(text, values)
    }

    /// In one pass, so that a value is never looked into.
    private static func fill(_ text: String, _ values: [String: String]) -> String {
        var filled = ""
        var rest = text.utf8[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "{")) {
            filled += Substring(rest[..<start])
            let after = rest.index(after: start)
            guard let end = rest[after...].firstIndex(of: UInt8(ascii: "}")),
                let value = values[String(Substring(rest[after..<end]))]
            else {
                filled += "{"
                rest = rest[after...]
                continue
            }
            filled += value
            rest = rest[rest.index(after: end)...]
        }
        return filled + Substring(rest)
    }

    /// The text for so many of something: `NAME.one` or `NAME.other`, with `{count}` replaced.
    func counted(_ name: String, _ count: Int, _ values: [String: String] = [:]) -> String {
        let form = count == 1 && language == .english ? "one" : "other"
        return self("\(name).\(form)", values.merging(["count": number(count)]) { $1 })
    }

    /// The text of that name, or nil where there is none.
    func find(_ name: String) -> String? { texts[name] }

    /// What a person is told about an error.
    func message(of error: any UserFacingError) -> String {
        guard language != .english, let text = find("errors.\(error.code.replacing(".", with: "_"))") else {
            return error.message
        }
        guard let wait = error.retryAfter else { return text }
        return text.replacing("{wait}", with: self.wait(wait))
    }

    /// Groups of texts for the page's scripts: one JSON object of dotted names and texts.
    func json(of groups: TextGroup...) -> String {
        var texts: [String: String] = [:]
        for group in groups {
            guard case .group(let found) = root.entries[group.rawValue] else { continue }
            for (name, text) in found.texts { texts[group == .errors ? "errors.\(name)" : name] = text }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = (try? encoder.encode(texts)) ?? Data("{}".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A time to wait, rounded up: "20 seconds", "3 minutes".
    func wait(_ duration: Duration) -> String {
        let seconds = duration.wholeSecondsUp
        return seconds < 100
            ? counted("time.seconds", Int(clamping: seconds))
            : counted("time.minutes", Int(clamping: (seconds + 59) / 60))
    }

    /// Groups of three digits, as the language writes them.
    func number(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += language == .english ? "," : "." }
            text.append(digit)
        }
        return text
    }
}

/// Groups of texts that scripts say.
enum TextGroup: String {
    /// Of calls of the API.
    case calls
    /// Of the generator and its checker.
    case live
    /// By their codes, with `errors.` in front; in English they come with the error.
    case errors
}

/// A group of texts, which templates read as `{{t.login.title}}`.
struct StringGroup: Sendable, MustacheParent {
    enum Entry: Sendable {
        case text(String)
        case group(StringGroup)
    }

    let entries: [String: Entry]

    func child(named name: String) -> Any? {
        switch entries[name] {
        case .text(let text): text
        case .group(let group): group
        case nil: nil
        }
    }

    /// All texts below by their dotted names.
    fileprivate var texts: [String: String] {
        var texts: [String: String] = [:]
        for (name, entry) in entries {
            switch entry {
            case .text(let text): texts[name] = text
            case .group(let group): for (rest, text) in group.texts { texts["\(name).\(rest)"] = text }
            }
        }
        return texts
    }

    /// All names below, in order.
    var names: [String] {
        entries.sorted { $0.key < $1.key }.flatMap { name, entry in
            switch entry {
            case .text: [name]
            case .group(let group): group.names.map { "\(name).\($0)" }
            }
        }
    }
}
