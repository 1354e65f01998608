import Compression
import Foundation
import Testing

@testable import WhatsApp

/// Any text is read or refused with a typed error; none traps.
///
/// `WHARF_FUZZ_INPUTS` sets how many inputs are tried and `WHARF_FUZZ_SEED` where they begin.
@Suite struct SessionIDPropertyTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let inputs = environment["WHARF_FUZZ_INPUTS"].flatMap { Int($0) } ?? 1_000
    static let seed = environment["WHARF_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0x5EED

    @Test func damagedSessionIDsNeverTrap() throws {
        let credentials = try SessionIDFixtures.credentials()
        let originals = try SessionIDDialect.allCases.map {
            Array(try SessionIDCodec.encode(credentials, as: $0, prefix: .standard).reveal().utf8)
        }
        for index in 0..<Self.inputs {
            let seed = Self.seed &+ UInt64(index)
            var random = SeededGenerator(seed: seed)
            let damaged = Self.damage(originals[index % originals.count], using: &random)
            Self.check(String(decoding: damaged, as: UTF8.self), seed: seed)
        }
    }

    @Test func damagedCredentialsNeverTrap() throws {
        let original = Array(try SessionIDFixtures.compact().utf8)
        for index in 0..<Self.inputs {
            let seed = Self.seed &+ UInt64(index)
            var random = SeededGenerator(seed: seed)
            let damaged = Self.damage(original, using: &random)
            do {
                _ = try BaileysCredentials.decode(damaged)
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
            if index % 8 == 0 { Self.check(Base64.encode(damaged), seed: seed) }
        }
    }

    @Test func arbitraryTextsNeverTrap() {
        let pieces = [
            "~", ";;;", "!", "___", "H4sI", "eyJ", "ewog", "{", "}", "\"", "#", "=", "==", "...", " ", "\n",
            "SESSION_ID=",
            "https://", "\u{0}", "\u{FEFF}", "é", "creds.json", "noiseKey", ":", "[", "null", "AAAAAAAA", "\\u",
            "mega.nz/",
        ]
        for index in 0..<Self.inputs {
            let seed = Self.seed &+ UInt64(index)
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 0...40, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            Self.check(text, seed: seed)
        }
    }

    @Test func base64ComesBackFromEverything() {
        for index in 0..<Self.inputs {
            var random = SeededGenerator(seed: Self.seed &+ UInt64(index))
            let bytes = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encodeURLSafe(bytes)) == bytes)
        }
    }

    private static func check(_ text: String, seed: UInt64) {
        do {
            _ = try SessionIDCodec.decode(text)
        } catch {
            #expect(!error.message.isEmpty && !error.code.isEmpty, "seed \(seed)")
        }
    }

    private static func damage(_ original: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: 0..<max(bytes.count, 1), using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where index < bytes.count: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: min(index, bytes.count))
            case 3: bytes.removeLast(bytes.count - min(index, bytes.count))
            case 4:
                let end = min(bytes.count, index + Int.random(in: 0...64, using: &random))
                bytes.insert(contentsOf: bytes[min(index, end)..<end], at: min(index, bytes.count))
            default: bytes.append(contentsOf: Array("~{}[]\"=".utf8).shuffled(using: &random))
            }
        }
        return bytes
    }
}
