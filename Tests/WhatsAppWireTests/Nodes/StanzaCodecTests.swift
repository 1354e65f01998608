import Testing
import WhatsAppWire

@Suite struct StanzaCodecTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let node: BinaryNode
        let wire: Hex

        init(_ node: BinaryNode, _ wire: Hex) {
            self.node = node
            self.wire = wire
        }

        var testDescription: String { node.tag }
    }

    private static let server = BinaryNode.Value.jid(.server)

    /// The worked examples of the notes.
    static let examples: [Example] = [
        .init(
            BinaryNode("iq", ["id": "51.17-1", "to": server, "type": "get", "xmlns": "w:p"]),
            "00f8091908ff8451b17a1f11fa000304291657"
        ),
        .init(
            BinaryNode(
                "iq",
                ["id": "51.17-2", "to": server, "type": "set", "xmlns": "passive"],
                children: [BinaryNode("active")]
            ),
            "00f80a1908ff8451b17a2f11fa0003045a16ec18f801f801ec01"
        ),
        .init(
            BinaryNode(
                "iq",
                ["id": "51.17-3", "xmlns": "encrypt", "type": "get", "to": server],
                children: [BinaryNode("count")]
            ),
            "00f80a1908ff8451b17a3f16cb042911fa0003f801f80141"
        ),
        .init(
            BinaryNode("iq", ["id": "1762543210", "to": server, "type": "result"]),
            "00f8071908ff05176254321011fa00030414"
        ),
        .init(
            BinaryNode(
                "iq",
                ["from": server, "id": "1762543210", "type": "set", "xmlns": "md"],
                children: [
                    BinaryNode(
                        "pair-device",
                        children: [BinaryNode("ref", text: "2@AAA,1"), BinaryNode("ref", text: "2@BBB,2")]
                    )
                ]
            ),
            """
            00f80a1906fa000308ff051762543210045a16fc026d64f801f802edeef802f802ed50fc0732404141412c31f802ed50fc0732404242422c32
            """
        ),
        .init(
            BinaryNode("ib", children: [BinaryNode("offline_batch", ["count": "200"])]),
            "00f802fc026962f801f803ed0841edf9"
        ),
        .init(
            BinaryNode("ib", children: [BinaryNode("unified_session", ["id": "433405123"])]),
            "00f802fc026962f801f803fc0f756e69666965645f73657373696f6e08ff85433405123f"
        ),
        .init(
            BinaryNode("presence", ["type": "available", "name": "Wharf"]),
            "00f8051f048889fc055768617266"
        ),
        .init(
            BinaryNode(
                "message",
                [
                    "id": "3EB0F4A1B2C3D4E5F607", "type": "text",
                    "to": .jid(JID(user: "120363040000000001", server: .group)),
                ],
                children: [BinaryNode("enc", ["v": "2", "type": "skmsg"], bytes: [0x33, 0x08, 0x01, 0x12])]
            ),
            "00f8081308fb0a3eb0f4a1b2c3d4e5f607043811faff091203630400000000011cf801f8061d51450432fc0433080112"
        ),
        .init(BinaryNode("body", text: "Hi"), "00f802ed75fc024869"),
        .init(BinaryNode("message", content: .text("receipt")), "00f8021307"),
        .init(BinaryNode("test", content: .text("-.0123456789")), "00f802fc0474657374ff06ab0123456789"),
        .init(BinaryNode("stream:error", ["code": "515"]), "00f8039d70ff82515f"),
        .init(
            BinaryNode("stream:error", children: [BinaryNode("conflict", ["type": "replaced"])]),
            "00f8029df801f803ec0e04ec11"
        ),
        .init(BinaryNode("failure", ["reason": "401", "location": "frc"]), "00f805ee3cec2e8d3dfc03667263"),
        .init(BinaryNode("xmlstreamend"), "00f80102"),
    ]

    @Test(arguments: examples) func workedExampleIsWritten(example: Example) throws {
        #expect(try StanzaCodec.encode(example.node).hex == example.wire.bytes.hex)
    }

    @Test(arguments: examples) func workedExampleIsRead(example: Example) throws {
        #expect(try StanzaCodec.decode(example.wire.bytes) == example.node)
    }

    @Test(arguments: examples) func compressedExampleIsRead(example: Example) throws {
        let packed = try StanzaCodec.encodeCompressed(example.node)
        #expect(packed.first == 2)
        #expect(try StanzaCodec.decode(packed) == example.node)
    }

    @Test func recordedCompressionIsRead() throws {
        let bytes = Hex("02789cfbc129c9f1bf25706395bce02f0666164db17000428605e9").bytes
        #expect(try StanzaCodec.decode(bytes) == Self.examples[0].node)
    }

    @Test func successAsTheServiceSentIt() throws {
        let captured = Hex(
            """
            f80f4c1aff0517520218905cee043dfc0366726376f7012aff88100000000000001f4becb43cff051752020041ece6fc2c643559623557784c2b6b35554b5148564936627546524751456a30475a413565767a3862365632786b64773d
            """
        )
        let node = try StanzaCodec.decode([0] + captured.bytes)
        #expect(node.tag == "success")
        #expect(node.attributes.count == 7)
        #expect(node.attributes.integer("t", as: Int.self) == 1_752_021_890)
        #expect(node.attributes.text("props") == "27")
        #expect(node.attributes.text("location") == "frc")
        #expect(node.attributes.jid("lid") == JID(user: "100000000000001", server: .lid, device: 42))
        #expect(node.attributes.text("abprops") == "10")
        #expect(node.attributes.text("creation") == "1752020041")
        #expect(
            node.attributes.text("companion_enc_static") == "d5Yb5WxL+k5UKQHVI6buFRGQEj0GZA5evz8b6V2xkdw="
        )
        #expect(try StanzaCodec.encode(node) == [0] + captured.bytes)
    }

    @Test(
        arguments: [
            ("3EB0F4A1B2C3D4E5", "fb083eb0f4a1b2c3d4e5"), ("3EB0F4A1B2C3D4E", "fb883eb0f4a1b2c3d4ef"),
            ("3eb0f4a1", "fc083365623066346131"), ("551199999888", "ff06551199999888"), ("7", "e3"),
        ] as [(String, Hex)]
    )
    func textIsPackedAsTheNotesSay(text: String, wire: Hex) throws {
        let node = BinaryNode("iq", content: .text(text))
        let expected = [0x00, 0xf8, 0x02, 0x19] + wire.bytes
        #expect(try StanzaCodec.encode(node) == expected)
        #expect(try StanzaCodec.decode(expected).text == text)
    }

    @Test func packingEndsAt127Characters() throws {
        for (count, head) in [(126, "ff3f"), (127, "ffc0"), (128, "fc80")] as [(Int, Hex)] {
            let text = String(repeating: "5", count: count)
            let bytes = try StanzaCodec.encode(BinaryNode("iq", content: .text(text)))
            #expect(Array(bytes[4..<6]) == head.bytes)
            #expect(try StanzaCodec.decode(bytes).text == text)
        }
    }

    @Test func longPackedStringsAreRead() throws {
        // 127 packed bytes, even: more characters than we would pack.
        let bytes: [UInt8] = [0, 0xf8, 2, 0x19, 0xff, 0x7f] + [UInt8](repeating: 0x12, count: 127)
        #expect(try StanzaCodec.decode(bytes).text == String(repeating: "12", count: 127))
    }

    @Test func emptyPackedStringIsRead() throws {
        #expect(try StanzaCodec.decode(Hex("00f80219ff00").bytes).text == "")
    }

    // MARK: Lengths

    @Test func contentLengthsHaveThreeForms() throws {
        let short = try StanzaCodec.encode(BinaryNode("enc", bytes: [UInt8](repeating: 1, count: 255)))
        #expect(Array(short[4..<6]) == Hex("fcff").bytes)
        let attributes: BinaryNode.Attributes = ["v": "2", "type": "msg"]
        let middle = try StanzaCodec.encode(BinaryNode("enc", attributes, bytes: [UInt8](repeating: 1, count: 300)))
        #expect(middle.starts(with: Hex("00f8061d5145044dfd00012c").bytes))
        #expect(middle.count == 312)
        let almost = try StanzaCodec.encode(BinaryNode("enc", bytes: [UInt8](repeating: 1, count: 1 << 20 - 1)))
        #expect(Array(almost[4..<8]) == Hex("fd0fffff").bytes)
        let long = try StanzaCodec.encode(BinaryNode("enc", bytes: [UInt8](repeating: 1, count: 1 << 20)))
        #expect(long.starts(with: Hex("00f8021dfe00100000").bytes))
        for bytes in [short, middle, almost, long] {
            #expect(try StanzaCodec.encode(StanzaCodec.decode(bytes)) == bytes)
        }
    }

    @Test func topBitsOfTheMiddleLengthAreIgnored() throws {
        let bytes = Hex("00f8021dfdf00002aabb").bytes
        #expect(try StanzaCodec.decode(bytes).bytes == [0xaa, 0xbb])
    }

    @Test func longListsHaveTwoByteCounts() throws {
        let children = (0..<300).map { BinaryNode("item", ["n": .text(String($0))]) }
        let bytes = try StanzaCodec.encode(BinaryNode("list", children: children))
        #expect(bytes.starts(with: Hex("00f80271f9012cf8033ffc016e2d").bytes))
        #expect(bytes.count == 2773)
        #expect(try StanzaCodec.decode(bytes).children == children)
    }

    @Test func emptyChildListsAreReadInEveryForm() throws {
        for list in ["00", "f800", "f90000"] as [Hex] {
            let node = try StanzaCodec.decode([0, 0xf8, 2, 0x19] + list.bytes)
            #expect(node.content == .nodes([]))
        }
        #expect(try StanzaCodec.encode(BinaryNode("iq", children: [])) == Hex("00f8021900").bytes)
    }

    @Test func emptyValuesAreLeftOut() throws {
        let node = BinaryNode("iq", ["id": "", "type": "get"])
        #expect(try StanzaCodec.encode(node) == Hex("00f803190429").bytes)
    }

    @Test func stanzaThatFitsNoFrameIsRefused() {
        let node = BinaryNode("enc", bytes: [UInt8](repeating: 0, count: 1 << 24))
        #expect(throws: StanzaError.tooLong(1 << 24 + 9)) { try StanzaCodec.encode(node) }
    }

    @Test func contentIsReadInWhateverFormItCame() throws {
        let token = try StanzaCodec.decode(Hex("00f8021307").bytes)
        #expect(token.text == "receipt")
        #expect(token.bytes == Array("receipt".utf8)[...])
        let raw = try StanzaCodec.decode(Hex("00f80213fc024869").bytes)
        #expect(raw.text == "Hi")
        #expect(raw.bytes == Array("Hi".utf8)[...])
        let invalid = BinaryNode("iq", bytes: [0xff, 0xfe])
        #expect(invalid.text == nil)
        #expect(BinaryNode("iq").bytes == nil)
    }
}
