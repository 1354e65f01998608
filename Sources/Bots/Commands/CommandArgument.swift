import Foundation

/// One of the things that follow a command's name.
package struct CommandArgument: Sendable {
    package enum Kind: Sendable, Equatable {
        /// One word, or several in quotes.
        case word
        /// Everything that is left, line breaks included.
        case text
        case number(ClosedRange<Int>)
        case choice([String])
        case url
        /// Such as `90s`, `10m`, `2h` or `7d`.
        case duration
        /// People: mentioned, written as numbers, or the author of the quoted message.
        case people
        /// `--name` or `--name=value`, anywhere.
        case flag
    }

    /// By which the command asks for it.
    package var name: String
    /// As people read it.
    package var title: Phrase
    package var kind: Kind
    package var isOptional: Bool
    package var help: Phrase

    /// An argument with its name in English, which is the one that the command asks for, and in Indonesian.
    package init(
        _ name: String,
        _ indonesian: String,
        _ kind: Kind,
        optional isOptional: Bool = false,
        _ help: Phrase
    ) {
        self.name = name
        title = Phrase(english: name, indonesian: indonesian)
        self.kind = kind
        self.isOptional = isOptional
        self.help = help
    }

    /// A flag, which is written in the same way in all languages.
    package init(flag name: String, _ help: Phrase) {
        self.init(name, name, .flag, optional: true, help)
    }

    /// As it stands in the usage: `<name>` or `[name]`.
    package func form(_ language: BotLanguage = .english) -> String {
        let title = title.text(language)
        let inner =
            switch kind {
            case .choice(let choices) where choices.count <= 4: choices.joined(separator: "|")
            case .people: "\(title) ..."
            case .flag: "--\(name)"
            default: title
            }
        return isOptional || kind == .flag ? "[\(inner)]" : "<\(inner)>"
    }
}

/// Durations as people write them.
package enum DurationText {
    /// Reads times such as `90s`, `10m`, `2h30m`, `7d` and `1w`.
    ///
    /// A number alone is minutes. Nil for what is none, and for more than a year.
    package static func read(_ text: String) -> Duration? {
        let limit = 366 * 86_400
        if let minutes = Int(text) { return minutes > 0 && minutes <= limit / 60 ? .seconds(minutes * 60) : nil }
        var total = 0
        var digits = ""
        for character in text.lowercased() {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
            guard let unit = units[character], digits.count <= 6, let count = Int(digits) else { return nil }
            total += count * unit
            digits = ""
            guard total <= limit else { return nil }
        }
        return digits.isEmpty && total > 0 ? .seconds(total) : nil
    }

    private static let units: [(seconds: Int, names: [BotLanguage: String])] = [
        (86_400, [.english: "d", .indonesian: "hari"]), (3_600, [.english: "h", .indonesian: "jam"]),
        (60, [.english: "min", .indonesian: "menit"]), (1, [.english: "s", .indonesian: "detik"]),
    ]

    /// Such as `2 d 3 h` or `5 min`; the two largest units.
    package static func write(_ duration: Duration, _ language: BotLanguage = .english) -> String {
        var seconds = max(0, Int(duration.components.seconds))
        var parts: [String] = []
        for (unit, names) in units where seconds >= unit || (unit == 1 && parts.isEmpty) {
            parts.append("\(seconds / unit) \(names[language] ?? "")")
            seconds %= unit
        }
        return parts.prefix(2).joined(separator: " ")
    }

    /// A span of time as a duration that a phrase can hold.
    static func span(_ interval: TimeInterval) -> Duration { .seconds(Int64(max(0, min(interval, 1e12)))) }
}
