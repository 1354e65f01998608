import Foundation
import Testing

@testable import Bots

struct PhraseTests {
    @Test func whatStandsInAPhraseComesInItsLanguage() {
        let unit = Phrase(en: "an image", id: "gambar")
        let phrase = Phrase(
            en: "\(unit), \(3, "file", "files"), \(1, "file", "files") in \(.seconds(93_784)) by \("Ada")",
            id: "\(unit), \(3) berkas, \(1) berkas dalam \(.seconds(93_784)) oleh \("Ada")"
        )
        #expect(phrase.text(.english) == "an image, 3 files, 1 file in 1 d 2 h by Ada")
        #expect(phrase.text(.indonesian) == "gambar, 3 berkas, 1 berkas dalam 1 hari 2 jam oleh Ada")
        let both = [unit, Phrase(en: "a video", id: "video")].joined(separator: ", ")
        #expect(both.text(.english) == "an image, a video")
        #expect(both.text(.indonesian) == "gambar, video")
        #expect(both.firstUppercased.text(.indonesian) == "Gambar, video")
        #expect([Phrase]().joined(separator: ", ").isEmpty)
    }

    @Test func durationsHaveUnitsOfTheLanguage() {
        #expect(DurationText.write(.zero, .indonesian) == "0 detik")
        #expect(DurationText.write(.seconds(61), .indonesian) == "1 menit 1 detik")
        #expect(DurationText.write(.zero) == "0 s")
    }

    @Test func theUsageHasNamesOfTheLanguage() throws {
        let kick = KickCommand().declaration
        #expect(kick.usage(.english) == "kick <member ...>")
        #expect(kick.usage(.indonesian) == "kick <anggota ...>")
        // What is typed as it stands is the same everywhere.
        #expect(StickerCommand().declaration.usage(.indonesian) == "sticker [--crop] [--circle] [paket]")
        #expect(AntiBotCommand().declaration.usage(.indonesian) == "antibot <off|delete|warn|kick>")
    }

    @Test func everyCommandSpeaksBothLanguages() throws {
        for command in try CommandRegistry.builtIn().commands.map(\.declaration) {
            #expect(command.summary.text(.english) != command.summary.text(.indonesian), "\(command.name)")
            for setting in command.settings {
                #expect(setting.help.text(.english) != setting.help.text(.indonesian), "\(command.name)")
            }
        }
    }

    /// All texts of bots stand in their source as `Phrase(en: "…", id: "…")`; both sides must be filled with the same.
    @Test func bothSidesOfEveryPhraseAreFilledWithTheSame() throws {
        var count = 0
        for (file, text) in try Self.sources() {
            for pair in PhraseReader.pairs(in: text) {
                count += 1
                let (en, id) = (pair.english, pair.indonesian)
                #expect(en.values == id.values, "\(file): \(en.words) | \(id.words)")
                #expect(!id.words.isEmpty || en.words.isEmpty, "\(file): \(en.words)")
                #expect(
                    en.words.filter { $0 == "*" }.count == id.words.filter { $0 == "*" }.count,
                    "\(file): \(en.words)"
                )
            }
            for literal in PhraseReader.literals(after: "same:", in: text)
                + PhraseReader.literals(after: "verbatim:", in: text)
            {
                let word = literal.words.replacing("https://chat.whatsapp.com/", with: "").contains(where: \.isLetter)
                #expect(
                    !word || ["Wharf", "ID: "].contains(literal.words),
                    "\(file) says in one language: \(literal.words)"
                )
            }
        }
        #expect(count > 400)
    }

    private static func sources() throws -> [(file: String, text: String)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/Bots")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }
}

/// Finds the literals of phrases in Swift source.
private enum PhraseReader {
    struct Literal {
        /// Without what is put into it.
        var words = ""
        /// What is put into it, a count without its noun.
        var values: Set<String> = []
    }

    static func pairs(in source: String) -> [(english: Literal, indonesian: Literal)] {
        source.ranges(of: /\ben:\s*(?=")/).compactMap { range in
            guard let (english, end) = literal(in: source, at: range.upperBound),
                let next = source[end...].prefixMatch(of: /,\s*id:\s*/),
                let (indonesian, _) = literal(in: source, at: next.range.upperBound)
            else { return nil }
            return (english, indonesian)
        }
    }

    static func literals(after label: String, in source: String) -> [Literal] {
        source.ranges(of: "\(label) \"").compactMap {
            literal(in: source, at: source.index(before: $0.upperBound))?.literal
        }
    }

    /// A literal that begins at a quote, and where it ends.
    private static func literal(in source: String, at start: String.Index) -> (literal: Literal, end: String.Index)? {
        guard start < source.endIndex, source[start] == "\"" else { return nil }
        var literal = Literal()
        var index = source.index(after: start)
        while index < source.endIndex, source[index] != "\"" {
            if source[index...].hasPrefix("\\(") {
                let first = source.index(index, offsetBy: 2)
                guard let end = closing(in: source, from: first) else { return nil }
                // A word of the one language need not stand in the other.
                if !source[first...].hasPrefix("of: ") { literal.values.insert(value(source[first..<end])) }
                index = source.index(after: end)
            } else if source[index] == "\\" {
                index = source.index(index, offsetBy: 2)
                // A line break and the like.
                literal.words.append("\n")
            } else {
                literal.words.append(source[index])
                index = source.index(after: index)
            }
        }
        return index < source.endIndex ? (literal, source.index(after: index)) : nil
    }

    /// The bracket that closes what is put into a literal.
    private static func closing(in source: String, from start: String.Index) -> String.Index? {
        var depth = 1
        var index = start
        while index < source.endIndex {
            switch source[index] {
            case "(": depth += 1
            case ")":
                depth -= 1
                if depth == 0 { return index }
            case "\"":
                guard let inner = literal(in: source, at: index) else { return nil }
                index = inner.end
                continue
            default: break
            }
            index = source.index(after: index)
        }
        return nil
    }

    /// Without the nouns of counts and the words that join lists, which each language has of its own.
    private static func value(_ text: Substring) -> String {
        let text = String(text)
        if let count = text.firstMatch(of: /^([\w.]+), "/) { return String(count.1) }
        return text.replacing(/"[^"]*"/, with: "“”").replacing(".english", with: "").replacing(".indonesian", with: "")
    }
}
