internal import Accounts
internal import Fleet
internal import Mustache

/// The texts of one language, by dotted names such as `login.title`.
struct Strings: Sendable {
    let language: Language
    let root: StringGroup

    /// The text of that name, with `{name}` replaced by its value.
    ///
    /// A name that does not exist gives itself, which the tests find.
    func callAsFunction(_ name: String, _ values: [String: String] = [:]) -> String {
        guard var text = root.text(name) else { return name }
        for (key, value) in values { text = text.replacing("{\(key)}", with: value) }
        return text
    }

    /// The text for so many of something: `NAME.one` or `NAME.other`, with `{count}` replaced.
    func counted(_ name: String, _ count: Int, _ values: [String: String] = [:]) -> String {
        let form = count == 1 && language == .english ? "one" : "other"
        return self("\(name).\(form)", values.merging(["count": number(count)]) { $1 })
    }

    /// The text of that name, or nil where there is none.
    func find(_ name: String) -> String? { root.text(name) }

    /// What a person is told about an error.
    func message(of error: any UserFacingError) -> String {
        guard language != .english, let text = root.text("errors.\(error.code.replacing(".", with: "_"))") else {
            return error.message
        }
        guard let wait = error.retryAfter else { return text }
        return text.replacing("{wait}", with: self.wait(wait))
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

    func text(_ name: String) -> String? {
        var group = self
        var parts = name.split(separator: ".")[...]
        while let part = parts.popFirst() {
            switch group.entries[String(part)] {
            case .text(let text): return parts.isEmpty ? text : nil
            case .group(let next): group = next
            case nil: return nil
            }
        }
        return nil
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
