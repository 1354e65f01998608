import Testing

@testable import WhatsAppWire

@Suite struct StanzaPropertyTests {
    @Test func anyBytesDecodeOrThrow() {
        for seed in UInt64(1)...10_000 {
            var random = SeededGenerator(seed: seed)
            var bytes = random.bytes(random.number(0...80))
            // Most noise ends at its first byte: give it a good beginning.
            if random.number(0...3) != 0 { bytes = [0, 0xf8, UInt8(random.number(1...9)), 0x19] + bytes }
            guard let node = try? StanzaCodec.decode(bytes) else { continue }
            expectRoundTrip(node, seed: seed)
        }
    }

    @Test func alteredStanzasDecodeOrThrow() throws {
        let corpus = StanzaCodecTests.examples.map(\.wire.bytes)
        for seed in UInt64(1)...10_000 {
            var random = SeededGenerator(seed: seed)
            var bytes = random.pick(corpus)
            for _ in 0..<random.number(1...4) where bytes.count > 1 {
                let index = random.number(1...bytes.count - 1)
                switch random.number(0...2) {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                }
            }
            guard let node = try? StanzaCodec.decode(bytes) else { continue }
            expectRoundTrip(node, seed: seed)
        }
    }

    @Test func randomNodesComeBack() throws {
        for seed in UInt64(1)...5000 {
            var random = SeededGenerator(seed: seed)
            let node = random.node(depth: 0)
            let bytes = try StanzaCodec.encode(node)
            #expect(try StanzaCodec.decode(bytes) == node, "seed \(seed)")
            if seed % 50 == 0 {
                #expect(try StanzaCodec.decode(StanzaCodec.encodeCompressed(node)) == node, "seed \(seed)")
            }
        }
    }

    /// What was read may be written in another form, but means the same from then on.
    private func expectRoundTrip(_ node: BinaryNode, seed: UInt64) {
        do {
            let again = try StanzaCodec.decode(StanzaCodec.encode(node))
            #expect(try StanzaCodec.encode(again) == StanzaCodec.encode(node), "seed \(seed)")
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
    }
}

private let words = Array(TokenDictionary.standard.single.dropFirst()) + TokenDictionary.standard.double.flatMap { $0 }

extension SeededGenerator {
    fileprivate mutating func node(depth: Int) -> BinaryNode {
        var attributes = BinaryNode.Attributes()
        for _ in 0..<number(0...5) {
            attributes[text()] = number(0...3) == 0 ? .jid(jid()) : .text(text())
        }
        let content: BinaryNode.Content
        switch number(0...(depth < 5 ? 5 : 3)) {
        case 0: content = .none
        case 1: content = .bytes(bytes(number(0...400))[...])
        case 2: content = number(0...1) == 0 ? .text(shortText()) : .jid(jid())
        case 3: content = .nodes([])
        default: content = .nodes((0..<number(0...4)).map { _ in node(depth: depth + 1) })
        }
        return BinaryNode(text(), attributes, content: content)
    }

    /// Not empty.
    private mutating func text() -> String {
        number(0...9) == 0 ? string(of: "abc äß😀\u{0301}\0", count: 1...300) : shortText()
    }

    /// A word, or something that packs: what content reads back as text rather than as bytes.
    private mutating func shortText() -> String {
        switch number(0...3) {
        case 0: pick(words)
        case 1: string(of: "0123456789-.", count: 1...127)
        case 2: string(of: "0123456789ABCDEF", count: 1...127)
        default: string(of: "0123456789", count: 1...20)
        }
    }

    private mutating func string(of alphabet: String, count: ClosedRange<Int>) -> String {
        let scalars = Array(alphabet.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<number(count) { text.append(pick(scalars)) }
        return String(text)
    }

    private mutating func jid() -> JID {
        let user = string(of: "0123456789", count: 1...18)
        switch number(0...6) {
        case 0: return JID(user: "", server: pick([.user, .group, .lid, .broadcast]))
        case 1:
            return JID(user: user, server: pick([.user, .lid, .hosted, .hostedLID]), device: UInt16(number(1...255)))
        case 2: return JID(user: user, server: .messenger, device: UInt16(number(0...65_535)))
        case 3:
            return JID(
                user: user,
                server: .interop,
                device: UInt16(number(0...65_535)),
                integrator: UInt16(number(0...65_535))
            )
        case 4: return JID(user: user, server: .other(string(of: "abcdefgh.", count: 5...20)))
        default:
            return JID(user: user, server: pick([.user, .lid, .group, .newsletter, .bot, .call, .legacyUser]))
        }
    }
}
