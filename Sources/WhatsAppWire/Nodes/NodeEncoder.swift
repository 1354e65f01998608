/// Writes a node as bytes.
struct NodeEncoder: ~Copyable {
    private var output = StanzaBuffer(capacity: 1024)
    /// The first thing that the wire has no form for.
    private var failure: StanzaError?
    private let dictionary = TokenDictionary.standard

    /// The flags byte 00 and the node.
    static func encode(_ node: BinaryNode) throws(StanzaError) -> [UInt8] {
        var encoder = NodeEncoder()
        encoder.output.append(0)
        encoder.write(node)
        if let failure = encoder.failure { throw failure }
        return encoder.output.array
    }

    private init() {}

    private mutating func write(_ node: borrowing BinaryNode) {
        let hasContent = if case .none = node.content { 0 } else { 1 }
        node.attributes.withEntries { entries in
            // An empty value says no more than an absent one, and is left out.
            var attributes = 0
            for index in entries.indices where !entries[index].value.isEmpty { attributes += 1 }
            writeListHeader(1 + 2 * attributes + hasContent)
            write(node.tag)
            for index in entries.indices where !entries[index].value.isEmpty {
                write(entries[index].key)
                switch entries[index].value {
                case .text(let text): write(text)
                case .jid(let jid): write(jid)
                }
            }
        }
        switch node.content {
        case .none: break
        case .nodes(let nodes):
            writeListHeader(nodes.count)
            for node in nodes { write(node) }
        case .bytes(let content): content.withUnsafeBufferPointer { writeBinary($0) }
        case .text(let text): write(text)
        case .jid(let jid): write(jid)
        }
    }

    private mutating func writeListHeader(_ count: Int) {
        switch count {
        case 0: output.append(WireTag.listEmpty)
        case 1..<256: output.append(WireTag.list8, UInt8(truncatingIfNeeded: count))
        default:
            if count > 0xffff { failure = failure ?? .tooManyItems(limit: 0xffff) }
            output.append(WireTag.list16)
            append16(count)
        }
    }

    // MARK: JIDs

    private mutating func write(_ jid: borrowing JID) {
        switch jid.server {
        case .messenger:
            output.append(WireTag.messengerJID)
            write(jid.user)
            append16(Int(jid.device))
            write(jid.server)
        case .interop:
            output.append(WireTag.interopJID)
            write(jid.user)
            append16(Int(jid.device))
            append16(Int(jid.integrator))
            write(jid.server)
        default:
            if jid.device > 0, let domain = jid.server.domain {
                // One byte on the wire; a message must not go to the device of another number.
                if jid.device > 0xff { failure = failure ?? .unencodableDevice(jid.device) }
                output.append(WireTag.deviceJID)
                output.append(domain, UInt8(truncatingIfNeeded: jid.device))
                write(jid.user)
            } else {
                output.append(WireTag.jidPair)
                if jid.user.isEmpty { output.append(WireTag.listEmpty) } else { write(jid.user) }
                write(jid.server)
            }
        }
    }

    private mutating func write(_ server: JID.Server) {
        if let token = server.token { output.append(token) } else { write(server.name) }
    }

    // MARK: Strings

    private mutating func write(_ text: String) {
        let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { writeText($0) }
        // Strings of our own are always contiguous; this is for those that another language lent us.
        if isWritten == nil { Array(text.utf8).withUnsafeBufferPointer { writeText($0) } }
    }

    private mutating func writeText(_ text: UnsafeBufferPointer<UInt8>) {
        let code = dictionary.code(of: text)
        if code >= 236 {
            output.append(UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code))
        } else if code > 0 {
            output.append(UInt8(truncatingIfNeeded: code))
        } else if !writePacked(text) {
            writeBinary(text)
        }
    }

    /// Four bits a character, where every character is in one of the two alphabets; false where not.
    private mutating func writePacked(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count > 0, text.count <= WireTag.packedMaximum else { return false }
        let length = (text.count + 1) / 2
        let room = output.room(for: 2 + length)
        // Digits are the same in both alphabets: which one it is turns out on the way.
        var isNibble = true
        var isHexadecimal = true
        @inline(__always)
        func half(_ index: Int) -> UInt8? {
            let character = text[index]
            let digit = character &- UInt8(ascii: "0")
            if digit < 10 { return digit }
            if character == UInt8(ascii: "-") || character == UInt8(ascii: ".") {
                isHexadecimal = false
                return character &- UInt8(ascii: "-") &+ 10
            }
            let letter = character &- UInt8(ascii: "A")
            guard letter < 6 else { return nil }
            isNibble = false
            return letter &+ 10
        }
        var index = 0
        while index + 1 < text.count {
            guard let high = half(index), let low = half(index + 1) else { return false }
            room[2 + index / 2] = high << 4 | low
            index += 2
        }
        if index < text.count {
            guard let high = half(index) else { return false }
            room[2 + index / 2] = high << 4 | 0x0f
        }
        guard isNibble || isHexadecimal else { return false }
        room[0] = isNibble ? WireTag.nibble8 : WireTag.hex8
        room[1] = UInt8(truncatingIfNeeded: length) | (text.count % 2 == 1 ? 0x80 : 0)
        output.advance(by: 2 + length)
        return true
    }

    // MARK: Bytes

    private mutating func writeBinary(_ bytes: UnsafeBufferPointer<UInt8>) {
        let count = bytes.count
        if count < 256 {
            output.append(WireTag.binary8, UInt8(truncatingIfNeeded: count))
        } else if count < 1 << 20 {
            output.append(WireTag.binary20, UInt8(truncatingIfNeeded: count >> 16))
            append16(count)
        } else {
            output.append(WireTag.binary32)
            append16(count >> 16)
            append16(count)
        }
        output.append(contentsOf: bytes)
    }

    private mutating func append16(_ value: Int) {
        output.append(UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value))
    }
}

extension BinaryNode.Value {
    fileprivate var isEmpty: Bool {
        if case .text(let text) = self { text.isEmpty } else { false }
    }
}
