import Crypto
import Testing

@testable import WhatsAppWire

@Suite struct TokenDictionaryTests {
    private let dictionary = TokenDictionary.standard

    @Test func wordsHaveThePublishedChecksum() {
        #expect(dictionary.single.count == 236)
        #expect(dictionary.double.map(\.count) == [256, 256, 256, 256])
        let words = dictionary.single.dropFirst() + dictionary.double.joined()
        let digest = SHA256.hash(data: Array(words.joined(separator: "\n").utf8))
        #expect(Array(digest).hex == "701716f240230be8b370d7b3c98359b8f44eb462cd3c2f4f9266f4309c735c41")
    }

    @Test(
        arguments: [
            ("xmlstreamend", 0x02), ("s.whatsapp.net", 0x03), ("type", 0x04), ("from", 0x06), ("receipt", 0x07),
            ("id", 0x08), ("notification", 0x09), ("broadcast", 0x0d), ("to", 0x11), ("offline", 0x12),
            ("message", 0x13), ("result", 0x14), ("xmlns", 0x16), ("iq", 0x19), ("ack", 0x1b), ("g.us", 0x1c),
            ("enc", 0x1d), ("presence", 0x1f), ("edge_routing", 0x28), ("get", 0x29), ("success", 0x4c),
            ("offline_preview", 0x4e), ("w:p", 0x57), ("set", 0x5a), ("call", 0x64), ("code", 0x70), ("lid", 0x76),
            ("stream:error", 0x9d), ("error", 0xa8), ("encrypt", 0xcb), ("msgr", 0xcc), ("device-identity", 0xe6),
            ("screen_height", 0xeb), ("read-self", 0xec00), ("active", 0xec01), ("passive", 0xec18),
            ("conflict", 0xec0e), ("replaced", 0xec11), ("dirty", 0xed01), ("ref", 0xed50), ("pair-device", 0xedee),
            ("clean", 0xedf8), ("failure", 0xee3c),
        ]
    )
    func wordHasItsCode(word: String, code: Int) throws {
        let expected: [UInt8] =
            code < 256
            ? [UInt8(truncatingIfNeeded: code)]
            : [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
        #expect(try StanzaCodec.encode(BinaryNode(word)) == [0x00, 0xf8, 0x01] + expected)
    }

    @Test func everyWordIsWrittenAsItsCodeAndReadBack() throws {
        for (code, word) in dictionary.single.enumerated().dropFirst() {
            let bytes: [UInt8] = [0, 0xf8, 1, UInt8(truncatingIfNeeded: code)]
            #expect(try StanzaCodec.encode(BinaryNode(word)) == bytes, "\(word)")
            #expect(try StanzaCodec.decode(bytes).tag == word)
        }
        for (page, words) in dictionary.double.enumerated() {
            for (index, word) in words.enumerated() {
                let bytes: [UInt8] = [0, 0xf8, 1, 236 + UInt8(page), UInt8(index)]
                #expect(try StanzaCodec.encode(BinaryNode(word)) == bytes, "\(word)")
                #expect(try StanzaCodec.decode(bytes).tag == word)
            }
        }
    }

    @Test(
        arguments: [
            "md", "ib", "pair-success", "pair-device-sign", "newsletter", "hosted", "hosted.lid", "interop", "bot",
            "c.us", "unified_session", "link_code_companion_reg",
        ]
    )
    func otherWordsAreWrittenOut(word: String) throws {
        let bytes = try StanzaCodec.encode(BinaryNode(word))
        #expect(bytes == [0x00, 0xf8, 0x01, 0xfc, UInt8(word.utf8.count)] + Array(word.utf8))
        #expect(try StanzaCodec.decode(bytes).tag == word)
    }

    @Test func wordsOfServersAreTheirTokens() {
        for code in UInt8(1)..<236 {
            let server = JID.Server(name: dictionary.single[Int(code)])
            if let named = JID.Server(token: code) {
                #expect(named == server)
                #expect(named.token == code)
            } else {
                #expect(server.token == nil)
            }
        }
    }

    /// Texts that Unicode takes for equal to a word are other bytes all the same.
    @Test func equivalentTextsAreNoWords() throws {
        // The Kelvin sign is canonically equal to a K.
        for word in dictionary.single + dictionary.double.joined() where word.contains("K") {
            let lookalike = word.replacing("K", with: "\u{212A}")
            let bytes = try StanzaCodec.encode(BinaryNode("iq", content: .text(lookalike)))
            #expect(bytes.dropFirst(6).elementsEqual(lookalike.utf8))
        }
    }
}
