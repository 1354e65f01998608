/// Fourth: whether the text is meant for the bot.
enum PrefixStage {
    /// A text that begins with a prefix, taken apart.
    struct Call: Equatable {
        let prefix: String
        /// In lower case.
        let name: String
        /// What follows it.
        let rest: Substring
    }

    /// Nil for everything that is no command.
    ///
    /// Without a prefix only a known name is one, lest the bot takes a part in every talk.
    static func read(_ text: String, prefixes: [String], isKnown: (String) -> Bool) -> Call? {
        guard !prefixes.isEmpty else { return bare(text[...], isKnown) }
        for prefix in prefixes {
            guard !prefix.isEmpty else {
                if let call = bare(text[...], isKnown) { return call }
                continue
            }
            guard text.utf8.starts(with: prefix.utf8) else { continue }
            let body = Substring(text.utf8.dropFirst(prefix.utf8.count))
            guard let (name, rest) = split(body.drop { $0 == " " }) else { continue }
            return Call(prefix: prefix, name: name, rest: rest)
        }
        return nil
    }

    private static func bare(_ text: Substring, _ isKnown: (String) -> Bool) -> Call? {
        guard let (name, rest) = split(text), isKnown(name) else { return nil }
        return Call(prefix: "", name: name, rest: rest)
    }

    /// A name of letters and digits, then a blank or the end.
    private static func split(_ text: Substring) -> (name: String, rest: Substring)? {
        let name = text.prefix { !$0.isWhitespace }
        guard (1...24).contains(name.utf8.count), let first = name.utf8.first, isLetterOrDigit(first),
            name.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2D })
        else { return nil }
        return (name.lowercased(), text[name.endIndex...].drop { $0.isWhitespace })
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
