/// A text of a bot in each of its languages.
///
/// Whoever makes one gives all of them, so that a missing translation does not compile. What stands in `\(…)` may be a
/// phrase or a duration, which come in the language of the whole, and `\(count, "file", "files")` is a count with its
/// noun in English, where `\(of: count, "is", "are")` is the word alone; Indonesian has one form for both.
package struct Phrase: Sendable, Equatable {
    private let english: String
    private let indonesian: String

    package init(en english: PhraseText, id indonesian: PhraseText) {
        self.english = english.english
        self.indonesian = indonesian.indonesian
    }

    /// For what has no words of its own: names, numbers, and phrases side by side.
    package init(same text: PhraseText) {
        english = text.english
        indonesian = text.indonesian
    }

    /// For names that are no sentences.
    init(english: String, indonesian: String) {
        self.english = english
        self.indonesian = indonesian
    }

    package func text(_ language: BotLanguage) -> String {
        switch language {
        case .english: english
        case .indonesian: indonesian
        }
    }

    var firstUppercased: Phrase {
        Phrase(english: english.firstUppercased, indonesian: indonesian.firstUppercased)
    }

    var isEmpty: Bool { english.isEmpty }
}

extension Sequence<Phrase> {
    func joined(separator: String = "") -> Phrase {
        reduce(nil) { whole, next in whole.map { Phrase(same: "\($0)\(separator)\(next)") } ?? next }
            ?? Phrase(same: "")
    }
}

/// One side of a phrase, as it is written down; keeps what is put into it in all languages.
package struct PhraseText: Sendable, ExpressibleByStringInterpolation {
    let english: String
    let indonesian: String

    package init(stringLiteral value: String) {
        english = value
        indonesian = value
    }

    package init(stringInterpolation: StringInterpolation) {
        english = stringInterpolation.english
        indonesian = stringInterpolation.indonesian
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var english = ""
        fileprivate var indonesian = ""

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            english += literal
            indonesian += literal
        }

        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            appendLiteral(value.description)
        }

        package mutating func appendInterpolation(_ phrase: Phrase) {
            english += phrase.text(.english)
            indonesian += phrase.text(.indonesian)
        }

        package mutating func appendInterpolation(_ duration: Duration) {
            english += DurationText.write(duration, .english)
            indonesian += DurationText.write(duration, .indonesian)
        }

        /// A word of English that hangs on a count which stands elsewhere, or nowhere.
        package mutating func appendInterpolation(of count: Int, _ one: String, _ many: String) {
            appendLiteral(count == 1 ? one : many)
        }

        /// A count with its noun.
        package mutating func appendInterpolation(_ count: Int, _ one: String, _ many: String) {
            appendLiteral("\(count) \(count == 1 ? one : many)")
        }
    }
}
