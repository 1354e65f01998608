/// The text of a migration, for finding the line of what went wrong.
///
/// The server carries out the whole text; this only counts. So a mistake in the splitting makes a line imprecise, no more.
struct MigrationScript {
    private let characters: [Unicode.Scalar]

    init(_ text: String) {
        characters = Array(text.unicodeScalars)
    }

    /// The line of a character, counted from 1 as the server does.
    func line(ofCharacter position: Int) -> Int {
        1 + characters.prefix(max(0, position - 1)).count { $0 == "\n" }
    }

    /// The line on which a statement starts, counted from 0.
    func line(ofStatement index: Int) -> Int {
        let starts = statementStarts()
        guard let start = index < starts.count ? starts[index] : starts.last else { return 1 }
        return line(ofCharacter: start + 1)
    }

    /// Where each statement has its first character that is neither space nor comment.
    private func statementStarts() -> [Int] {
        var starts: [Int] = []
        var isInside = false
        var index = 0
        while index < characters.count {
            let end = endOfToken(at: index)
            let character = characters[index]
            if isComment(at: index) || character.properties.isWhitespace {
                // Between statements and inside of them alike, it starts nothing.
            } else if character == ";" {
                isInside = false
            } else if !isInside {
                starts.append(index)
                isInside = true
            }
            index = max(end, index + 1)
        }
        return starts
    }

    private func isComment(at index: Int) -> Bool {
        matches("--", at: index) || matches("/*", at: index)
    }

    /// The end of what starts here: a quoted text, a comment, or one character.
    private func endOfToken(at index: Int) -> Int {
        if matches("--", at: index) { return find("\n", from: index) }
        if matches("/*", at: index) { return endOfBlockComment(at: index) }
        switch characters[index] {
        case "'": return find("'", from: index + 1) + 1
        case "\"": return find("\"", from: index + 1) + 1
        case "$":
            guard let tag = dollarTag(at: index) else { return index + 1 }
            return find(tag, from: index + tag.count) + tag.count
        default: return index + 1
        }
    }

    /// Block comments nest.
    private func endOfBlockComment(at start: Int) -> Int {
        var depth = 0
        var index = start
        while index < characters.count {
            if matches("/*", at: index) {
                depth += 1
                index += 2
            } else if matches("*/", at: index) {
                depth -= 1
                index += 2
                if depth == 0 { return index }
            } else {
                index += 1
            }
        }
        return index
    }

    /// `$$` or `$name$`, if one starts here.
    private func dollarTag(at index: Int) -> [Unicode.Scalar]? {
        let name = characters[(index + 1)...].prefix {
            $0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0)
        }
        guard name.endIndex < characters.count, characters[name.endIndex] == "$" else { return nil }
        return Array(characters[index...name.endIndex])
    }

    private func find(_ text: some Collection<Unicode.Scalar>, from start: Int) -> Int {
        var index = start
        while index < characters.count, !matches(text, at: index) { index += 1 }
        return min(index, characters.count)
    }

    private func find(_ text: String, from start: Int) -> Int {
        find(text.unicodeScalars, from: start)
    }

    private func matches(_ text: String, at index: Int) -> Bool {
        matches(text.unicodeScalars, at: index)
    }

    private func matches(_ text: some Collection<Unicode.Scalar>, at index: Int) -> Bool {
        index < characters.count && characters[index...].starts(with: text)
    }
}
