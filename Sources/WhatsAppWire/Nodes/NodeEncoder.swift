/// Writes a node as bytes.
struct NodeEncoder {
    /// Starts with the flags byte.
    private(set) var bytes: [UInt8]
    /// The first thing that the wire has no form for.
    private(set) var failure: StanzaError?
    private let dictionary = TokenDictionary.standard

    init() {
        bytes = [0]
        bytes.reserveCapacity(512)
    }

    mutating func write(_ node: BinaryNode) {
        // An empty value says no more than an absent one, and is left out.
        let attributes = node.attributes.entries.count { !$0.value.isEmpty }
        let hasContent = if case .none = node.content { false } else { true }
        writeListHeader(1 + 2 * attributes + (hasContent ? 1 : 0))
        write(node.tag)
        for entry in node.attributes.entries where !entry.value.isEmpty {
            write(entry.key)
            switch entry.value {
            case .text(let text): write(text)
            case .jid(let jid): write(jid)
            }
        }
        switch node.content {
        case .none: break
        case .nodes(let nodes):
            writeListHeader(nodes.count)
            for node in nodes { write(node) }
        case .bytes(let content):
            writeBinaryHeader(content.count)
            bytes.append(contentsOf: content)
        case .text(let text): write(text)
        case .jid(let jid): write(jid)
        }
    }

    private mutating func writeListHeader(_ count: Int) {
        switch count {
        case 0: bytes.append(WireTag.listEmpty)
        case 1..<256:
            bytes.append(WireTag.list8)
            bytes.append(UInt8(truncatingIfNeeded: count))
        default:
            if count > 0xffff { failure = failure ?? .tooManyItems(limit: 0xffff) }
            bytes.append(WireTag.list16)
            append16(count)
        }
    }

    private mutating func write(_ jid: JID) {
        switch jid.server {
        case .messenger:
            bytes.append(WireTag.messengerJID)
            write(jid.user)
            append16(Int(jid.device))
            write(jid.server.name)
        case .interop:
            bytes.append(WireTag.interopJID)
            write(jid.user)
            append16(Int(jid.device))
            append16(Int(jid.integrator))
            write(jid.server.name)
        default:
            if jid.device > 0, let domain = jid.server.domain {
                bytes.append(WireTag.deviceJID)
                bytes.append(domain)
                // One byte on the wire; a message must not go to the device of another number.
                if jid.device > 0xff { failure = failure ?? .unencodableDevice(jid.device) }
                bytes.append(UInt8(truncatingIfNeeded: jid.device))
                write(jid.user)
            } else {
                bytes.append(WireTag.jidPair)
                if jid.user.isEmpty { bytes.append(WireTag.listEmpty) } else { write(jid.user) }
                if jid.server == .user { bytes.append(3) } else { write(jid.server.name) }
            }
        }
    }

    private mutating func write(_ text: String) {
        if let code = dictionary.code(of: text) {
            if code >= 236 { bytes.append(UInt8(truncatingIfNeeded: code >> 8)) }
            bytes.append(UInt8(truncatingIfNeeded: code))
            return
        }
        let count = text.utf8.count
        guard count > 0, count <= WireTag.packedMaximum, writePacked(text, count: count) else {
            writeBinaryHeader(count)
            bytes.append(contentsOf: text.utf8)
            return
        }
    }

    /// Four bits a character, where every character is in one of the two alphabets.
    ///
    /// Undone, and false, where not.
    private mutating func writePacked(_ text: String, count: Int) -> Bool {
        var isNibble = true
        var isHexadecimal = true
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "-"), UInt8(ascii: "."): isHexadecimal = false
            case UInt8(ascii: "A")...UInt8(ascii: "F"): isNibble = false
            default: return false
            }
            if !isNibble, !isHexadecimal { return false }
        }
        bytes.append(isNibble ? WireTag.nibble8 : WireTag.hex8)
        bytes.append(UInt8(truncatingIfNeeded: (count + 1) / 2) | (count % 2 == 1 ? 0x80 : 0))
        var high: UInt8?
        for character in text.utf8 {
            let half: UInt8 =
                switch character {
                case UInt8(ascii: "-"): 10
                case UInt8(ascii: "."): 11
                case UInt8(ascii: "A")...UInt8(ascii: "F"): character &- UInt8(ascii: "A") &+ 10
                default: character &- UInt8(ascii: "0")
                }
            if let first = high {
                bytes.append(first << 4 | half)
                high = nil
            } else {
                high = half
            }
        }
        if let last = high { bytes.append(last << 4 | 0x0f) }
        return true
    }

    private mutating func writeBinaryHeader(_ count: Int) {
        if count < 256 {
            bytes.append(WireTag.binary8)
            bytes.append(UInt8(truncatingIfNeeded: count))
        } else if count < 1 << 20 {
            bytes.append(WireTag.binary20)
            bytes.append(UInt8(truncatingIfNeeded: count >> 16))
            append16(count)
        } else {
            bytes.append(WireTag.binary32)
            append16(count >> 16)
            append16(count)
        }
    }

    private mutating func append16(_ value: Int) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }
}

extension BinaryNode.Value {
    fileprivate var isEmpty: Bool {
        if case .text(let text) = self { text.isEmpty } else { false }
    }
}
