package import Foundation
import WhatsAppWire

/// What followed a command's name, taken apart and checked against its declaration.
package struct CommandArguments: Sendable {
    /// As many words as are told apart.
    package static let wordLimit = 256
    package static let flagLimit = 32

    /// Everything after the name, as it was written, flags included.
    package let raw: String
    /// Everything but the flags, as it was written.
    package internal(set) var text: String
    /// Split at blanks; what stands in quotes is one.
    package internal(set) var words: [String]
    /// `--name` is empty text, `--name=value` its value.
    package internal(set) var flags: [String: String]
    var values: [String: String] = [:]
    /// Who is meant: mentioned, written as a number, or the author of the quoted message.
    package internal(set) var people: [Person] = []

    package init(raw: String, text: String, words: [String], flags: [String: String]) {
        self.raw = raw
        self.text = text
        self.words = words
        self.flags = flags
    }

    /// The value of a declared argument.
    package subscript(name: String) -> String? { values[name] }

    package func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

    package func duration(_ name: String) -> Duration? { values[name].flatMap { DurationText.read($0) } }

    package func url(_ name: String) -> URL? { values[name].flatMap { Self.webAddress($0) } }

    package func has(flag: String) -> Bool { flags[flag] != nil }

    /// An address that begins with http or https and names a host.
    package static func webAddress(_ text: String) -> URL? {
        guard text.utf8.count <= 2_048, let url = URL(string: text), let scheme = url.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = url.host, !host.isEmpty
        else { return nil }
        return url
    }
}

extension CommandArguments {
    /// Gives each declared argument its value, or says what is wrong with them.
    ///
    /// `mentions` and `quoted` are people that the message names otherwise.
    mutating func bind(
        to declaration: CommandDeclaration,
        prefix: String,
        mentions: [Person],
        quoted: Person?
    ) throws(CommandRefusal) {
        let known = Set(declaration.arguments.filter { $0.kind == .flag }.map(\.name))
        if let stranger = flags.keys.filter({ !known.contains($0) }).min() {
            // Somebody who writes dashes need not mean a flag.
            guard known.isEmpty else {
                throw .usage(
                    Phrase(en: "There is no --\(stranger.prefix(32)).", id: "Tidak ada --\(stranger.prefix(32))."),
                    declaration,
                    prefix: prefix
                )
            }
            keepDashes()
        }
        var left = words[...]
        var hasPeople = false
        let arguments = declaration.arguments.filter { $0.kind != .flag }
        for argument in arguments {
            if argument.kind == .people {
                hasPeople = true
                takePeople(&left, mentions: mentions, quoted: quoted)
                guard !people.isEmpty || argument.isOptional else {
                    throw .usage(
                        Phrase(
                            en: "Name somebody, or answer their message.",
                            id: "Sebut orangnya, atau balas pesannya."
                        ),
                        declaration,
                        prefix: prefix
                    )
                }
                continue
            }
            if argument.kind == .text {
                let rest =
                    hasPeople
                    ? left.joined(separator: " ") : ArgumentParser.rest(of: text, after: words.count - left.count)
                left = []
                guard !rest.isEmpty else {
                    if argument.isOptional { continue }
                    throw .usage(Self.missing(argument), declaration, prefix: prefix)
                }
                values[argument.name] = rest
                continue
            }
            guard let word = left.first else {
                if argument.isOptional { continue }
                throw .usage(Self.missing(argument), declaration, prefix: prefix)
            }
            guard let value = Self.checked(word, argument.kind) else {
                // What is optional may be meant for the next one, but a number is one that is too small or too large.
                let isForNext = argument.isOptional && argument.name != arguments.last?.name
                if isForNext, !Self.isNumber(word, argument.kind) { continue }
                throw .usage(Self.problem(word, argument), declaration, prefix: prefix)
            }
            values[argument.name] = value
            left = left.dropFirst()
        }
    }

    /// Words that look like flags are words where the command knows no flags.
    private mutating func keepDashes() {
        text = raw
        let split = ArgumentParser.words(of: raw, takesFlags: false)
        words = split.words
        flags = [:]
    }

    private mutating func takePeople(_ left: inout ArraySlice<String>, mentions: [Person], quoted: Person?) {
        var rest: [String] = []
        for word in left {
            if word.hasPrefix("@"), word.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }), word.count > 1 {
                // The mention itself says who it is; without one it is a number.
                let digits = String(word.dropFirst())
                let isMentioned = mentions.contains { $0.jid.user == digits || $0.alternate?.user == digits }
                if !isMentioned, let person = Person(number: digits) { people.append(person) }
            } else if let person = Person(written: word) {
                people.append(person)
            } else {
                rest.append(word)
            }
        }
        people = mentions + people
        if people.isEmpty, let quoted { people = [quoted] }
        left = rest[...]
    }

    private static func checked(_ word: String, _ kind: CommandArgument.Kind) -> String? {
        switch kind {
        case .word, .text, .flag, .people: word
        case .number(let range): Int(word).map(range.contains) == true ? word : nil
        case .choice(let choices): choices.contains(word.lowercased()) ? word.lowercased() : nil
        case .url: webAddress(word) == nil ? nil : word
        case .duration: DurationText.read(word) == nil ? nil : word
        }
    }

    private static func isNumber(_ word: String, _ kind: CommandArgument.Kind) -> Bool {
        if case .number = kind { Int(word) != nil } else { false }
    }

    private static func missing(_ argument: CommandArgument) -> Phrase {
        Phrase(
            en: "\(argument.title.firstUppercased) is missing.",
            id: "\(argument.title.firstUppercased) belum diisi."
        )
    }

    private static func problem(_ word: String, _ argument: CommandArgument) -> Phrase {
        let title = argument.title.firstUppercased
        let shown = word.count > 40 ? "\(word.prefix(40))…" : word
        return switch argument.kind {
        case .number(let range):
            Phrase(
                en: "\(title) is a number from \(range.lowerBound) to \(range.upperBound).",
                id: "\(title) harus angka dari \(range.lowerBound) sampai \(range.upperBound)."
            )
        case .choice(let choices):
            Phrase(
                en: "\(title) is one of \(choices.joined(separator: ", ")).",
                id: "\(title) harus salah satu dari \(choices.joined(separator: ", "))."
            )
        case .url: Phrase(en: "“\(shown)” is no web address.", id: "“\(shown)” bukan alamat web.")
        case .duration:
            Phrase(
                en: "“\(shown)” is no time such as 10m, 2h or 7d.",
                id: "“\(shown)” bukan waktu seperti 10m, 2h, atau 7d."
            )
        default: Phrase(en: "“\(shown)” does not fit.", id: "“\(shown)” tidak cocok.")
        }
    }
}

extension String {
    var firstUppercased: String { prefix(1).uppercased() + dropFirst() }
}
