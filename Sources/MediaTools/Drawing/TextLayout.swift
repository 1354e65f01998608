/// Breaks a text into lines of about the same width, without knowing the font.
package struct TextLayout: Sendable, Equatable {
    package var lines: [String]
    /// Pixels.
    package var size: Double

    /// The largest letters with which the text fits into a box; what does not fit even with the smallest is cut.
    init(_ text: String, width: Double, height: Double, sizes: [Double]) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        for size in sizes {
            let lines = Self.broken(words, width / size)
            if Double(lines.count) * size * Self.lineHeight <= height {
                self.lines = lines
                self.size = size
                return
            }
        }
        size = sizes.last ?? 16
        let count = max(1, Int(height / (size * Self.lineHeight)))
        var lines = Array(Self.broken(words, width / size).prefix(count))
        if let last = lines.last { lines[lines.count - 1] = last + "…" }
        self.lines = lines
    }

    static let lineHeight = 1.2

    /// Lines of at most so many ems.
    private static func broken(_ words: [String], _ limit: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0.0
        for word in words.flatMap({ pieces(of: $0, limit) }) {
            let width = ems(word)
            if !line.isEmpty, used + 0.3 + width > limit {
                lines.append(line)
                line = ""
                used = 0
            }
            line += (line.isEmpty ? "" : " ") + word
            used += width + (used == 0 ? 0 : 0.3)
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// A word that is longer than a line is cut.
    private static func pieces(of word: String, _ limit: Double) -> [String] {
        guard ems(word) > limit else { return [word] }
        var pieces: [String] = []
        var piece = ""
        var used = 0.0
        for character in word {
            let width = ems(String(character))
            if used + width > limit, !piece.isEmpty {
                pieces.append(piece)
                piece = ""
                used = 0
            }
            piece.append(character)
            used += width
        }
        return pieces + [piece]
    }

    /// About how wide a text is.
    private static func ems(_ text: String) -> Double {
        text.reduce(0) { sum, character in
            let scalar = character.unicodeScalars.first?.value ?? 0
            if scalar >= 0x1100 { return sum + 1.15 }
            if "iljtfr.,;:'!|I ".contains(character) { return sum + 0.36 }
            if character.isUppercase || "mwMW@%&".contains(character) { return sum + 0.8 }
            return sum + 0.6
        }
    }
}
