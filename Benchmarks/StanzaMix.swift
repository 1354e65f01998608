import WhatsAppWire

/// Stanzas as a linked device gets and sends them, with invented contents.
struct StanzaMix {
    struct Kind {
        let name: String
        /// Of a hundred stanzas.
        let share: Int
        let stanzas: [BinaryNode]
    }

    let kinds: [Kind]

    /// All stanzas, each kind as often as its share says, shuffled.
    let stanzas: [BinaryNode]

    init(seed: UInt64 = 1) {
        var random = SplitMix(seed: seed)
        func kind(_ name: String, _ share: Int, _ make: (inout SplitMix) -> BinaryNode) -> Kind {
            Kind(name: name, share: share, stanzas: (0..<share).map { _ in make(&random) })
        }
        kinds = [
            kind("message", 35) { $0.message() },
            kind("receipt", 35) { $0.receipt() },
            kind("notification", 10) { $0.notification() },
            kind("iq result", 10) { $0.result() },
            kind("pair-device", 4) { $0.pairDevice() },
            kind("success", 2) { $0.success() },
            kind("group of 100", 4) { $0.group() },
        ]
        stanzas = kinds.flatMap(\.stanzas).shuffled(using: &random)
    }
}

extension BinaryNode {
    /// This node and all below it.
    var nodeCount: Int {
        children.reduce(1) { $0 + $1.nodeCount }
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(0...elements.count - 1)]
    }
}

extension SplitMix {
    private mutating func string(_ alphabet: String, _ count: Int) -> String {
        let characters = Array(alphabet)
        return String((0..<count).map { _ in pick(characters) })
    }

    private mutating func messageID() -> BinaryNode.Value {
        .text("3EB0" + string("0123456789ABCDEF", 18))
    }

    private mutating func time() -> BinaryNode.Value { "17660\(number(10_000...99_999))" }

    private mutating func phone(device: UInt16 = 0) -> BinaryNode.Value {
        .jid(JID(user: "1555" + string("0123456789", 7), server: .user, device: device))
    }

    private mutating func lid(device: UInt16 = 0) -> BinaryNode.Value {
        .jid(JID(user: "1" + string("0123456789", 14), server: .lid, device: device))
    }

    private mutating func groupJID() -> BinaryNode.Value {
        .jid(JID(user: "120363" + string("0123456789", 12), server: .group))
    }

    fileprivate mutating func message() -> BinaryNode {
        let isGroup = number(0...1) == 0
        var attributes: BinaryNode.Attributes = [
            "from": isGroup ? groupJID() : lid(),
            "type": .text(pick(["text", "media"])),
            "id": messageID(),
            "t": time(),
            "notify": .text(pick(["Ada", "Grace Hopper", "Barbara Liskov"])),
        ]
        if isGroup {
            attributes["participant"] = lid(device: UInt16(number(0...12)))
            attributes["addressing_mode"] = "lid"
            attributes["participant_pn"] = phone()
        } else {
            attributes["sender_pn"] = phone()
        }
        let encrypted = BinaryNode(
            "enc",
            ["v": "2", "type": isGroup ? "skmsg" : .text(pick(["msg", "pkmsg"]))],
            bytes: bytes(number(300...700))
        )
        let reporting = BinaryNode(
            "reporting",
            children: [BinaryNode("reporting_token", ["v": "2"], bytes: bytes(16))]
        )
        return BinaryNode("message", attributes, children: [encrypted, reporting])
    }

    fileprivate mutating func receipt() -> BinaryNode {
        var attributes: BinaryNode.Attributes = [
            "from": lid(device: UInt16(number(0...3))), "id": messageID(), "t": time(),
        ]
        if number(0...2) > 0 { attributes["type"] = "read" }
        if number(0...1) == 0 { attributes["participant"] = lid() }
        guard number(0...4) == 0 else { return BinaryNode("receipt", attributes) }
        let more = (0..<number(1...5)).map { _ in BinaryNode("item", ["id": messageID()]) }
        return BinaryNode("receipt", attributes, children: [BinaryNode("list", children: more)])
    }

    fileprivate mutating func notification() -> BinaryNode {
        let devices = (0..<3).map { BinaryNode("device", ["jid": lid(device: UInt16($0)), "key-index": "\($0)"]) }
        return BinaryNode(
            "notification",
            ["from": lid(), "type": "devices", "id": "\(number(1_000_000_000...4_000_000_000))", "t": time()],
            children: [
                BinaryNode(
                    "add",
                    ["device_hash": .text("2:" + string("abcdefghijkKLMNOPQ+/", 8))],
                    children: devices + [BinaryNode("key-index-list", ["ts": time()], bytes: bytes(120))]
                )
            ]
        )
    }

    fileprivate mutating func result() -> BinaryNode {
        BinaryNode("iq", ["from": .jid(.server), "type": "result", "id": "51.17-\(number(1...5000))", "t": time()])
    }

    fileprivate mutating func pairDevice() -> BinaryNode {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let references = (0..<6).map { _ in BinaryNode("ref", text: "2@" + string(alphabet, 108)) }
        return BinaryNode(
            "iq",
            [
                "from": .jid(.server), "type": "set", "id": "\(number(1_000_000_000...4_000_000_000))", "xmlns": "md",
            ],
            children: [BinaryNode("pair-device", children: references)]
        )
    }

    fileprivate mutating func success() -> BinaryNode {
        BinaryNode(
            "success",
            [
                "t": time(), "props": "27", "location": "frc", "lid": lid(device: 42), "abprops": "10",
                "creation": time(), "companion_enc_static": "d5Yb5WxL+k5UKQHVI6buFRGQEj0GZA5evz8b6V2xkdw=",
            ]
        )
    }

    fileprivate mutating func group() -> BinaryNode {
        let participants = (0..<100).map { index in
            var attributes: BinaryNode.Attributes = ["jid": lid(), "phone_number": phone()]
            if index % 20 == 0 { attributes["type"] = index == 0 ? "superadmin" : "admin" }
            return BinaryNode("participant", attributes)
        }
        return BinaryNode(
            "iq",
            ["from": groupJID(), "type": "result", "id": "51.17-\(number(1...5000))"],
            children: [
                BinaryNode(
                    "group",
                    [
                        "id": .text("120363" + string("0123456789", 12)), "subject": "Harbour watch", "s_t": time(),
                        "creation": time(), "creator": lid(), "addressing_mode": "lid",
                    ],
                    children: participants
                )
            ]
        )
    }
}
