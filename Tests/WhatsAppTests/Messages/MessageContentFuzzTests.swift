import Foundation
import SwiftProtobuf
import Testing
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// Whatever decrypts to a message can be looked at.
struct MessageContentFuzzTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }

    /// Fields in the form of the wire, whose numbers and nesting are chance.
    private func fields(_ depth: Int, _ random: inout Seeded) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let number = UInt64.random(in: 1...(depth == 0 ? 131 : 32), using: &random)
            switch Int.random(in: 0...5, using: &random) {
            case 0:
                append(number << 3, to: &bytes)
                append(random.next() >> UInt64.random(in: 0...63, using: &random), to: &bytes)
            case 1, 2, 3:
                let inner = depth < 12 ? fields(depth + 1, &random) : []
                append(number << 3 | 2, to: &bytes)
                append(UInt64(inner.count), to: &bytes)
                bytes += inner
            case 4:
                let texts = ["", "1@s.whatsapp.net", "🐟", "{\"id\":1}", "BEGIN:VCARD"]
                let text = Array(texts[Int.random(in: texts.indices, using: &random)].utf8)
                append(number << 3 | 2, to: &bytes)
                append(UInt64(text.count), to: &bytes)
                bytes += text
            default:
                append(number << 3 | 1, to: &bytes)
                bytes += (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
        }
        return bytes
    }

    private func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    @Test func anyMessageHasAContentAndAShape() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Seeded(state: seed)
        var seen: Set<MessageKind> = []
        for round in 0..<6_000 {
            let bytes = fields(0, &random)
            guard let message = try? WAMessage(serializedBytes: bytes) else { continue }
            let content = MessageContent(message)
            seen.insert(content.kind)
            #expect(content.kind == MessageKind(of: message), "seed \(seed), round \(round)")
            #expect((content.text?.utf8.count ?? 0) <= MessageContent.textLimit)
            _ = content.quote?.text
            _ = content.target?.resolved(
                in: MessageFixtures.peer,
                sender: MessageFixtures.peer,
                isSenderMe: false,
                own: MessageFixtures.own
            )
            _ = StanzaShape(of: message, to: MessageFixtures.peer)
            if case .sealed(let sealed) = content.body {
                #expect(throws: (any Error).self) {
                    try sealed.open(secret: [1], pairs: [(MessageFixtures.peer, MessageFixtures.own)])
                }
            }
        }
        #expect(seen.count > 10, "seed \(seed)")
    }
}
