/// Takes apart what follows a command's name.
package enum ArgumentParser {
    /// Quotes of several languages hold words together; a backslash keeps the next character as it is.
    package static func parse(_ raw: String) -> CommandArguments {
        let split = words(of: raw, takesFlags: true)
        return CommandArguments(raw: raw, text: split.text, words: split.words, flags: split.flags)
    }

    static func words(of raw: String, takesFlags: Bool) -> (text: String, words: [String], flags: [String: String]) {
        var words: [String] = []
        var flags: [String: String] = [:]
        var cut: [Range<String.Index>] = []
        var index = raw.startIndex
        while index < raw.endIndex, words.count < CommandArguments.wordLimit {
            if raw[index].isWhitespace {
                index = raw.index(after: index)
                continue
            }
            let start = index
            let (word, isQuoted) = next(in: raw, &index)
            if takesFlags, !isQuoted, let flag = flag(word), flags.count < CommandArguments.flagLimit {
                flags[flag.name] = flag.value
                cut.append(start..<index)
            } else {
                words.append(word)
            }
        }
        var text = raw
        for range in cut.reversed() { text.removeSubrange(range) }
        return (text.trimmed, words, flags)
    }

    /// What follows so many words, as it was written, line breaks and quotes included.
    static func rest(of text: String, after count: Int) -> String {
        var index = text.startIndex
        for _ in 0..<count {
            while index < text.endIndex, text[index].isWhitespace { index = text.index(after: index) }
            guard index < text.endIndex else { return "" }
            _ = next(in: text, &index)
        }
        return text[index...].trimmed
    }

    private static let quotes: [Character: Character] = ["\"": "\"", "“": "”", "„": "“", "«": "»", "‘": "’"]

    private static func next(in raw: String, _ index: inout String.Index) -> (String, isQuoted: Bool) {
        let first = raw[index]
        if let close = quotes[first], let end = raw[raw.index(after: index)...].firstIndex(of: close) {
            let word = String(raw[raw.index(after: index)..<end])
            index = raw.index(after: end)
            return (word, true)
        }
        var word = ""
        var close: Character?
        while index < raw.endIndex {
            let character = raw[index]
            if character.isWhitespace, close == nil { break }
            index = raw.index(after: index)
            if character == "\\", index < raw.endIndex, raw[index].isWhitespace || quotes[raw[index]] != nil {
                word.append(raw[index])
                index = raw.index(after: index)
            } else if character == close {
                close = nil
            } else if close == nil, word.hasSuffix("="), let other = quotes[character],
                raw[index...].contains(other)
            {
                // The value of a flag in quotes.
                close = other
            } else {
                word.append(character)
            }
        }
        return (word, false)
    }

    /// Reads `--name` and `--name=value`; two or three dashes that a telephone made into one are the same.
    private static func flag(_ word: String) -> (name: String, value: String)? {
        let body: Substring
        if word.hasPrefix("--") {
            body = word.dropFirst(2)
        } else if word.hasPrefix("—") || word.hasPrefix("–") {
            body = word.dropFirst()
        } else {
            return nil
        }
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let initial = name.first, initial.isLetter, name.utf8.count <= 32,
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" })
        else { return nil }
        return (name.lowercased(), parts.count == 2 ? String(parts[1]) : "")
    }
}

extension StringProtocol {
    var trimmed: String {
        var slice = self[...]
        while let first = slice.first, first.isWhitespace { slice = slice.dropFirst() }
        while let last = slice.last, last.isWhitespace { slice = slice.dropLast() }
        return String(slice)
    }
}
