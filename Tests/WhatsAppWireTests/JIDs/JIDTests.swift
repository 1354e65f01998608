import Testing

@testable import WhatsAppWire

@Suite struct JIDTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let text: String
        let jid: JID
        let wire: Hex

        var testDescription: String { text }
    }

    /// The table of the notes: text, value, bytes on the wire.
    static let examples: [Example] = [
        .init(
            text: "15551234567@s.whatsapp.net",
            jid: JID(user: "15551234567", server: .user),
            wire: "faff8615551234567f03"
        ),
        .init(
            text: "15551234567:12@s.whatsapp.net",
            jid: JID(user: "15551234567", server: .user, device: 12),
            wire: "f7000cff8615551234567f"
        ),
        .init(
            text: "100000000000001@lid",
            jid: JID(user: "100000000000001", server: .lid),
            wire: "faff88100000000000001f76"
        ),
        .init(
            text: "100000000000001:12@lid",
            jid: JID(user: "100000000000001", server: .lid, device: 12),
            wire: "f7010cff88100000000000001f"
        ),
        .init(
            text: "15551234567:99@hosted",
            jid: JID(user: "15551234567", server: .hosted, device: 99),
            wire: "f78063ff8615551234567f"
        ),
        .init(
            text: "100000000000001:99@hosted.lid",
            jid: JID(user: "100000000000001", server: .hostedLID, device: 99),
            wire: "f78163ff88100000000000001f"
        ),
        .init(
            text: "120363040000000001@g.us",
            jid: JID(user: "120363040000000001", server: .group),
            wire: "faff091203630400000000011c"
        ),
        .init(
            text: "15551234567-1600000000@g.us",
            jid: JID(user: "15551234567-1600000000", server: .group),
            wire: "faff0b15551234567a16000000001c"
        ),
        .init(text: "status@broadcast", jid: JID(user: "status", server: .broadcast), wire: "fa0b0d"),
        .init(
            text: "120363150000000001@newsletter",
            jid: JID(user: "120363150000000001", server: .newsletter),
            wire: "faff09120363150000000001fc0a6e6577736c6574746572"
        ),
        .init(
            text: "867051314767696@bot",
            jid: JID(user: "867051314767696", server: .bot),
            wire: "faff88867051314767696ffc03626f74"
        ),
        .init(text: "A1B2@call", jid: JID(user: "A1B2", server: .call), wire: "fafb02a1b264"),
        .init(
            text: "100:3@msgr",
            jid: JID(user: "100", server: .messenger, device: 3),
            wire: "f6ec330003cc"
        ),
        .init(
            text: "7-2001:1@interop",
            jid: JID(user: "2001", server: .interop, device: 1, integrator: 7),
            wire: "f5ff02200100010007fc07696e7465726f70"
        ),
        .init(text: "s.whatsapp.net", jid: .server, wire: "fa0003"),
        .init(text: "g.us", jid: JID(user: "", server: .group), wire: "fa001c"),
    ]

    @Test(arguments: examples) func textAndValueAreOne(example: Example) {
        #expect(example.jid.description == example.text)
        #expect(JID(example.text) == example.jid)
    }

    @Test(arguments: examples) func wireFormIsThatOfTheNotes(example: Example) throws {
        // <iq to="…"/>
        let expected: [UInt8] = [0x00, 0xf8, 0x03, 0x19, 0x11] + example.wire.bytes
        let node = BinaryNode("iq", ["to": .jid(example.jid)])
        #expect(try StanzaCodec.encode(node) == expected)
        #expect(try StanzaCodec.decode(expected) == node)
        // The same as content.
        let content: [UInt8] = [0x00, 0xf8, 0x02, 0x19] + example.wire.bytes
        #expect(try StanzaCodec.encode(BinaryNode("iq", content: .jid(example.jid))) == content)
        #expect(try StanzaCodec.decode(content).content == .jid(example.jid))
        #expect(try StanzaCodec.decode(content).text == example.text)
    }

    @Test func deviceFormWithDeviceZeroIsRead() throws {
        let bytes = Hex("00f8031911f70000ff8615551234567f").bytes
        #expect(try StanzaCodec.decode(bytes).attributes.jid("to") == JID(user: "15551234567", server: .user))
    }

    @Test func serverAsPlainTokenIsTheServer() throws {
        let bytes = Hex("00f803191103").bytes
        #expect(try StanzaCodec.decode(bytes).attributes.jid("to") == .server)
    }

    @Test func olderAndForeignTextFormsAreRead() {
        #expect(JID("@s.whatsapp.net") == .server)
        #expect(JID("15551234567.3:9@s.whatsapp.net") == JID(user: "15551234567", server: .user, device: 9, agent: 3))
        #expect(JID("15551234567_3:9@s.whatsapp.net") == JID(user: "15551234567", server: .user, device: 9, agent: 3))
        #expect(JID("15551234567:0@s.whatsapp.net") == JID(user: "15551234567", server: .user))
        #expect(JID("15551234567@c.us")?.withoutDevice == JID(user: "15551234567", server: .user))
        #expect(JID("a@example.org") == JID(user: "a", server: .other("example.org")))
    }

    @Test func withoutDeviceKeepsUserAndServer() {
        let device = JID(user: "1", server: .lid, device: 4, agent: 2)
        #expect(device.withoutDevice == JID(user: "1", server: .lid))
    }

    @Test(
        arguments: [
            "", "@", "user@", "no server", "15551234567", "1:x@s.whatsapp.net", "1:65536@s.whatsapp.net",
            "1:-1@s.whatsapp.net", "1.256@s.whatsapp.net", "x-1@interop", "a@b@c", "1:@lid",
        ]
    )
    func othersAreNoJID(text: String) {
        #expect(JID(text) == nil)
    }

    @Test func longTextIsNoJID() {
        #expect(JID(String(repeating: "1", count: 300) + "@lid") == nil)
    }

    @Test func redactedFormHidesTheNumber() {
        let jid = JID(user: "15551234567", server: .user, device: 3)
        #expect(jid.redacted == "…67:3@s.whatsapp.net")
        #expect(JID.server.redacted == "s.whatsapp.net")
    }

    @Test func domainByteThatNobodyKnowsIsAnError() {
        for domain in UInt8.min...UInt8.max where ![0, 1, 128, 129].contains(domain) {
            let bytes = [0x00, 0xf8, 0x03, 0x19, 0x11, 0xf7, domain, 0x01] + Hex("ff8615551234567f").bytes
            #expect(throws: StanzaError.unknownDomain(domain)) { try StanzaCodec.decode(bytes) }
        }
    }

    @Test func serversKeepTheirNames() {
        let servers: [JID.Server] = [
            .user, .lid, .hosted, .hostedLID, .group, .broadcast, .newsletter, .bot, .call, .legacyUser, .messenger,
            .interop,
        ]
        for server in servers { #expect(JID.Server(name: server.name) == server) }
        #expect(JID.Server(name: "lids") == .other("lids"))
        #expect(JID.Server(name: "") == .other(""))
    }
}
