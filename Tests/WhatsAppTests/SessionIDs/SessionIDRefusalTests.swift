import Compression
import Foundation
import Testing

@testable import WhatsApp

@Suite struct SessionIDRefusalTests {
    static let megaKey = String(repeating: "k", count: 42) + "A"

    @Test(arguments: [
        ("IK~AbCd_fG1#\(megaKey)", SessionIDPointer.mega), ("AbCd_fG1#\(megaKey)", .mega),
        ("QueenNilu;;;AbCdefG1#\(megaKey)", .mega), ("CASPER-TECH:~AbCdefG1#\(megaKey)", .mega),
        ("NEXUS___AbCdefG1#\(megaKey)__x", .mega), ("https://mega.nz/file/AbCdefG1#\(megaKey)", .mega),
        ("GlobalTechInfo/MEGA-MD_0123456789abcdef0123456789abcdef", .gist), ("X~0123456789abcdef0123", .gist),
        ("https://gist.github.com/a/0123456789abcdef0123", .gist), ("Phoenix~aB3dE6gH", .paste),
        ("https://pastebin.com/raw/aB3dE6gH", .paste), ("levanter_0123456789abcdef0123456789", .authorServer),
        ("X-Asena~12345", .authorServer), ("https://example.org/session/5", .webAddress), ("tyrex~12345", .shortID),
        ("a1b2c3d4e5", .shortID),
    ])
    func pointersAreNamed(text: String, pointer: SessionIDPointer) {
        #expect(throws: SessionIDError.pointer(pointer)) { try SessionIDCodec.decode(text) }
    }

    @Test(arguments: SessionIDPointer.allCases)
    func pointersSayWhyTheyAreUnsafe(pointer: SessionIDPointer) {
        #expect(pointer.explanation.contains(pointer.name))
        #expect(pointer.explanation.contains("account"))
        #expect(SessionIDError.pointer(pointer).message == pointer.explanation)
    }

    @Test(arguments: ["", "   \n\t", "\"\"", "...", "\u{FEFF}"])
    func nothingIsEmpty(text: String) {
        #expect(throws: SessionIDError.empty) { try SessionIDCodec.decode(text) }
    }

    @Test(arguments: [
        "hello", "hello world 1", "~", "Gifted~", "!!!", "éééé", "#", "{",
        "Gifted~" + String(repeating: "A", count: 400),
    ])
    func otherTextsAreRefused(text: String) {
        #expect(throws: SessionIDError.self) { try SessionIDCodec.decode(text) }
    }

    @Test func cutAndChangedTextsAreTold() throws {
        let id = try SessionIDCodec.encode(SessionIDFixtures.credentials(), as: .tildeGzip, prefix: .standard).reveal()
        #expect(throws: SessionIDError.damagedCompression) { try SessionIDCodec.decode(String(id.prefix(800))) }
        #expect(throws: SessionIDError.invalidBase64) { try SessionIDCodec.decode(id + " %") }
        let bare = try SessionIDCodec.encode(SessionIDFixtures.credentials(), as: .bare, prefix: .standard).reveal()
        #expect {
            try SessionIDCodec.decode(String(bare.prefix(800)))
        } throws: { error in
            guard case .credentials(.notJSON) = error as? SessionIDError else { return false }
            return true
        }
    }

    @Test func bombsCostNoMoreThanTheLimit() throws {
        let bomb = try Compression.deflate([UInt8](repeating: 0x20, count: 64 << 20), format: .gzip)
        #expect(bomb.count < 100_000)
        #expect(throws: SessionIDError.unpackedTooLarge(limit: 4 << 20)) {
            try SessionIDCodec.decode("X~" + Base64.encode(bomb))
        }
        let deep = try Compression.deflate(Array(String(repeating: "[", count: 3 << 20).utf8), format: .gzip)
        #expect(throws: SessionIDError.credentials(.tooDeep(limit: 32))) {
            try SessionIDCodec.decode("X~" + Base64.encode(deep))
        }
        let spaces = Array("{\"noiseKey\":1".utf8) + [UInt8](repeating: 0x20, count: 2 << 20) + Array("}".utf8)
        let large = try Compression.deflate(spaces, format: .gzip)
        #expect(throws: SessionIDError.credentials(.tooLarge(limit: 1 << 20))) {
            try SessionIDCodec.decode("X~" + Base64.encode(large))
        }
    }

    @Test func textsLongerThanAnyIDAreRefused() {
        let text = String(repeating: "A", count: SessionIDCodec.maximumLength + 1)
        #expect(throws: SessionIDError.tooLong(limit: SessionIDCodec.maximumLength)) { try SessionIDCodec.decode(text) }
    }

    @Test func longTextsAreReadQuickly() {
        let clock = ContinuousClock()
        for unit in ["H4sI", "eyJ", "eyJ~", "~", ".", "\"", " ", "é", "H4sI\u{200B}"] {
            let text = String(repeating: unit, count: SessionIDCodec.maximumLength / 8 / unit.utf8.count)
            let took = clock.measure { #expect(throws: SessionIDError.self) { try SessionIDCodec.decode(text) } }
            #expect(took < .seconds(5), "\(unit)")
        }
    }

    @Test(arguments: [
        ("", SessionIDPrefixError.empty), ("a b", .invalidCharacter(" ")), ("a~b", .invalidCharacter("~")),
        ("a;b", .invalidCharacter(";")), ("a!b", .invalidCharacter("!")), ("é", .invalidCharacter("é")),
        ("a___b", .containsSeparator), (String(repeating: "a", count: 33), .tooLong(limit: 32)),
        ("a\n", .invalidCharacter("\n")),
        ("a\u{0}", .invalidCharacter("\u{0}")), ("１", .invalidCharacter("１")),
    ])
    func wrongPrefixesAreRefused(text: String, error: SessionIDPrefixError) {
        #expect(throws: error) { try SessionIDPrefix(text) }
    }

    @Test(arguments: ["a", "BWM-XMD", "My_Bot.2", String(repeating: "a", count: 32), "eyJ", "H4sI"])
    func goodPrefixesWork(text: String) throws {
        let prefix = try SessionIDPrefix(text)
        for dialect in SessionIDDialect.allCases {
            let id = try SessionIDCodec.encode(SessionIDFixtures.credentials(), as: dialect, prefix: prefix)
            #expect(try SessionIDCodec.decode(id.reveal()).shape.dialect == dialect)
        }
    }
}
