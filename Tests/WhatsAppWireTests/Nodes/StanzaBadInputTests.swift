import Compression
import Testing
import WhatsAppWire

@Suite struct StanzaBadInputTests {
    @Test(
        arguments: [
            ("", .truncated),
            ("00", .truncated),
            ("00f8", .truncated),
            ("00f801", .truncated),
            ("00f9", .truncated),
            ("00f901", .truncated),
            // No list, empty lists, no tag.
            ("0007", .malformedList),
            ("0000", .malformedList),
            ("00f800", .malformedList),
            ("00f90000", .malformedList),
            ("00f80100", .missingTag),
            ("00f801fc00", .missingTag),
            ("00f801ff00", .missingTag),
            // A JID or a list is no tag.
            ("00f801fa0003", .unknownTag(0xfa)),
            ("00f801f80102", .unknownTag(0xf8)),
            // Marks that nothing is assigned to.
            ("00f801f0", .unknownTag(0xf0)),
            ("00f801f4", .unknownTag(0xf4)),
            ("00f8031904f1", .unknownTag(0xf1)),
            ("00f8031904f80102", .unknownTag(0xf8)),
            ("00f80319f80102", .unknownTag(0xf8)),
            // Ends in the middle.
            ("00f80319", .truncated),
            ("00f8031904", .truncated),
            ("00f801ec", .truncated),
            ("00f801fc", .truncated),
            ("00f801fc0561", .truncated),
            ("00f801fd0000", .truncated),
            ("00f801fd0fffff61", .truncated),
            ("00f801feffffffff61", .truncated),
            ("00f801fe00000001", .truncated),
            ("00f8021dfeffffffff", .truncated),
            ("00f801ff82", .truncated),
            ("00f801ff02aa", .truncated),
            ("00f8031904fa", .truncated),
            ("00f8031904fa00", .truncated),
            ("00f8031904f7", .truncated),
            ("00f8031904f70001", .truncated),
            ("00f8031904f6ec3300", .truncated),
            ("00f8031904f5ec330001", .truncated),
            ("00f80219f801", .truncated),
            // A messenger's and an interop's form with another server.
            ("00f8031904f6ec33000003", .malformedJID),
            ("00f8031904f5ec3300010001cc", .malformedJID),
            // Packed halves that mean nothing.
            ("00f801ff80", .malformedPacking),
            ("00f801ff01c1", .malformedPacking),
            ("00f801ff011d", .malformedPacking),
            ("00f801ff01ff", .malformedPacking),
            ("00f801fb80", .malformedPacking),
            // Not UTF-8.
            ("00f801fc01ff", .malformedString),
            ("00f801fc02c328", .malformedString),
            // Something left over.
            ("00f8010200", .trailingBytes(1)),
            ("00f80102f80102", .trailingBytes(3)),
        ] as [(Hex, StanzaError)]
    )
    func brokenStanzaIsNamed(bytes: Hex, error: StanzaError) {
        #expect(throws: error) { try StanzaCodec.decode(bytes.bytes) }
    }

    @Test func everyTruncationOfEveryExampleIsNoticed() {
        for example in StanzaCodecTests.examples {
            for count in 0..<example.wire.bytes.count {
                #expect(throws: StanzaError.self, "\(example.node.tag), \(count) bytes") {
                    try StanzaCodec.decode(Array(example.wire.bytes.prefix(count)))
                }
            }
        }
    }

    // MARK: Bounds

    private func nested(_ depth: Int) -> [UInt8] {
        // <iq> in <iq> in …: list of two, tag, list of one.
        var bytes: [UInt8] = [0]
        for _ in 1..<depth { bytes += [0xf8, 2, 0x19, 0xf8, 1] }
        return bytes + [0xf8, 1, 0x19]
    }

    @Test func nestingEndsAtTheLimit() throws {
        _ = try StanzaCodec.decode(nested(64))
        #expect(throws: StanzaError.tooDeep(limit: 64)) { try StanzaCodec.decode(nested(65)) }
    }

    @Test(arguments: [10_000, 1_000_000]) func deepNestingIsRefused(depth: Int) {
        #expect(throws: StanzaError.tooDeep(limit: 64)) { try StanzaCodec.decode(nested(depth)) }
    }

    @Test func jidsAreNotNested() {
        // A JID whose user is a JID whose user is …
        let bytes = [0x00, 0xf8, 0x03, 0x19, 0x04] + [UInt8](repeating: 0xfa, count: 100_000)
        #expect(throws: StanzaError.unknownTag(0xfa)) { try StanzaCodec.decode(bytes) }
    }

    @Test func listsThatClaimMoreThanThereIsAreRefused() {
        #expect(throws: StanzaError.truncated) { try StanzaCodec.decode(Hex("00f9ffff19").bytes) }
        #expect(throws: StanzaError.truncated) { try StanzaCodec.decode(Hex("00f80219f9ffff").bytes) }
        // At every level of depth, in a payload long enough that the claim could be true.
        var bytes: [UInt8] = [0]
        for _ in 1..<64 { bytes += [0xf8, 2, 0x19, 0xf9, 0xff, 0xff] }
        bytes += [UInt8](repeating: 0, count: 200_000)
        #expect(throws: StanzaError.tooManyItems(limit: 262_144)) { try StanzaCodec.decode(bytes) }
    }

    @Test func itemsAreCountedOverTheWholeStanza() throws {
        var limits = StanzaLimits()
        limits.items = 10
        let nine = BinaryNode("list", children: (0..<9).map { _ in BinaryNode("item") })
        #expect(try StanzaCodec.decode(StanzaCodec.encode(nine), limits: limits) == nine)
        let ten = try StanzaCodec.encode(BinaryNode("list", children: (0..<10).map { _ in BinaryNode("item") }))
        #expect(throws: StanzaError.tooManyItems(limit: 10)) { try StanzaCodec.decode(ten, limits: limits) }
        let attributes = try StanzaCodec.encode(
            BinaryNode("list", children: (0..<5).map { _ in BinaryNode("item", ["id": "1"]) })
        )
        #expect(throws: StanzaError.tooManyItems(limit: 10)) { try StanzaCodec.decode(attributes, limits: limits) }
    }

    @Test func greatestListIsReadAndWritten() throws {
        let node = BinaryNode("list", children: [BinaryNode](repeating: BinaryNode("item"), count: 65_535))
        #expect(try StanzaCodec.decode(StanzaCodec.encode(node)) == node)
        let more = BinaryNode("list", children: node.children + [BinaryNode("item")])
        #expect(throws: StanzaError.tooManyItems(limit: 65_535)) { try StanzaCodec.encode(more) }
    }

    @Test func deviceThatTheWireCannotHoldIsRefused() {
        let node = BinaryNode("iq", ["to": .jid(JID(user: "1", server: .user, device: 256))])
        #expect(throws: StanzaError.unencodableDevice(256)) { try StanzaCodec.encode(node) }
    }

    // MARK: Compression

    @Test func bombIsRefusedAtTheLimit() throws {
        let bomb = try [2] + Compression.deflate([UInt8](repeating: 0, count: 64 << 20), format: .zlib, level: 9)
        #expect(throws: StanzaError.compression(.tooLarge(limit: 16 << 20))) { try StanzaCodec.decode(bomb) }
    }

    @Test func damagedCompressionIsRefused() throws {
        let packed = try StanzaCodec.encodeCompressed(StanzaCodecTests.examples[0].node)
        for index in packed.indices.dropFirst() {
            for bit in 0..<8 {
                var altered = packed
                altered[index] ^= 1 << bit
                _ = try? StanzaCodec.decode(altered)
            }
            #expect(throws: StanzaError.self) { try StanzaCodec.decode(Array(packed[..<index])) }
        }
        #expect(throws: StanzaError.compression(.malformed)) { try StanzaCodec.decode(packed + [0]) }
        #expect(throws: StanzaError.compression(.malformed)) { try StanzaCodec.decode([2, 0xff, 0xff, 0xff]) }
        #expect(throws: StanzaError.compression(.truncated)) { try StanzaCodec.decode([2]) }
    }
}
