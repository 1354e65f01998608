/// Reads a node from bytes: total, bounded, and without copying content.
struct NodeDecoder {
    private let source: [UInt8]
    /// All of `source`; valid as long as `decode` runs.
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private var itemsLeft: Int
    private let limits: StanzaLimits
    /// Where attributes go until it is full.
    private var storage: AttributeStorage
    private let words = TokenDictionary.standard.words

    static func decode(_ source: [UInt8], from start: Int, limits: StanzaLimits) throws(StanzaError) -> BinaryNode {
        // The closure cannot carry a typed error out, hence the result.
        let result: Result<BinaryNode, StanzaError> = source.withUnsafeBufferPointer { bytes in
            var decoder = NodeDecoder(source: source, bytes: bytes, start: start, limits: limits)
            do throws(StanzaError) {
                try decoder.spend(1)
                let node = try decoder.node(depth: 0)
                guard decoder.position == bytes.count else {
                    throw .trailingBytes(bytes.count - decoder.position)
                }
                return .success(node)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(source: [UInt8], bytes: UnsafeBufferPointer<UInt8>, start: Int, limits: StanzaLimits) {
        self.source = source
        self.bytes = bytes
        self.limits = limits
        position = start
        // Every attribute has two bytes at least, and most have more than four.
        storage = AttributeStorage.with(capacity: min(max(bytes.count / 8, 4), 16))
        itemsLeft = limits.items
    }

    // MARK: Nodes

    private mutating func node(depth: Int) throws(StanzaError) -> BinaryNode {
        guard let size = try listSize(of: byte()), size > 0 else { throw .malformedList }
        let tag = try tagName()
        let attributes = try attributes((size - 1) / 2)
        let content: BinaryNode.Content = size % 2 == 0 ? try self.content(depth: depth) : .none
        return BinaryNode(tag, attributes, content: content)
    }

    private mutating func tagName() throws(StanzaError) -> String {
        let mark = try byte()
        guard mark != WireTag.listEmpty else { throw .missingTag }
        let tag = try text(after: mark)
        guard !tag.isEmpty else { throw .missingTag }
        return tag
    }

    private mutating func attributes(_ count: Int) throws(StanzaError) -> BinaryNode.Attributes {
        guard count > 0 else { return BinaryNode.Attributes() }
        try claim(count, bytesEach: 2)
        if storage.room < count { storage = AttributeStorage.with(capacity: max(count, nextCapacity)) }
        // Later nodes of this one come after its attributes, never between them.
        let start = storage.count
        for _ in 0..<count {
            let key = try text(after: byte())
            storage.append(AttributeEntry(key: key, value: try value(after: byte())))
        }
        return BinaryNode.Attributes(storage, from: start)
    }

    /// Twice what the last one had: few stanzas need more than one, and none much more than it has.
    private var nextCapacity: Int { min(2 * (storage.count + storage.room), 1024) }

    private mutating func content(depth: Int) throws(StanzaError) -> BinaryNode.Content {
        let mark = try byte()
        if let count = try listSize(of: mark) { return .nodes(try nodes(count, depth: depth + 1)) }
        switch mark {
        case WireTag.binary8, WireTag.binary20, WireTag.binary32:
            let range = try take(binaryLength(of: mark))
            return .bytes(source[range])
        default:
            switch try value(after: mark) {
            case .text(let text): return .text(text)
            case .jid(let jid): return .jid(jid)
            }
        }
    }

    private mutating func nodes(_ count: Int, depth: Int) throws(StanzaError) -> [BinaryNode] {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
        guard count > 0 else { return [] }
        try claim(count, bytesEach: 3)
        var failure: StanzaError?
        let nodes = [BinaryNode](unsafeUninitializedCapacity: count) { room, filled in
            do throws(StanzaError) {
                while filled < count {
                    room.initializeElement(at: filled, to: try node(depth: depth))
                    filled += 1
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return nodes
    }

    /// The number of items when `mark` opens a list.
    private mutating func listSize(of mark: UInt8) throws(StanzaError) -> Int? {
        switch mark {
        case WireTag.listEmpty: 0
        case WireTag.list8: Int(try byte())
        case WireTag.list16: try integer16()
        default: nil
        }
    }

    // MARK: Values

    private mutating func value(after mark: UInt8) throws(StanzaError) -> BinaryNode.Value {
        switch mark {
        case WireTag.jidPair:
            let user = try text(after: byte())
            return .jid(JID(user: user, server: try server()))
        case WireTag.deviceJID:
            let domain = try byte()
            let device = UInt16(try byte())
            return .jid(try deviceJID(domain: domain, device: device, user: text(after: byte())))
        case WireTag.messengerJID:
            let user = try text(after: byte())
            let device = try integer16()
            guard try server() == .messenger else { throw .malformedJID }
            return .jid(JID(user: user, server: .messenger, device: UInt16(truncatingIfNeeded: device)))
        case WireTag.interopJID:
            return .jid(try interopJID())
        default:
            return .text(try text(after: mark))
        }
    }

    private func deviceJID(domain: UInt8, device: UInt16, user: String) throws(StanzaError) -> JID {
        switch domain {
        case 0: JID(user: user, server: .user, device: device)
        case 1: JID(user: user, server: .lid, device: device)
        case 128: JID(user: user, server: .hosted, device: device)
        case 129: JID(user: user, server: .hostedLID, device: device)
        default: throw .unknownDomain(domain)
        }
    }

    private mutating func interopJID() throws(StanzaError) -> JID {
        let user = try text(after: byte())
        let device = try integer16()
        let integrator = try integer16()
        guard try server() == .interop else { throw .malformedJID }
        return JID(
            user: user,
            server: .interop,
            device: UInt16(truncatingIfNeeded: device),
            integrator: UInt16(truncatingIfNeeded: integrator)
        )
    }

    private mutating func server() throws(StanzaError) -> JID.Server {
        let mark = try byte()
        if let server = JID.Server(token: mark) { return server }
        return JID.Server(name: try text(after: mark))
    }

    /// A string in any of its forms; the absent value reads as the empty string.
    private mutating func text(after mark: UInt8) throws(StanzaError) -> String {
        switch mark {
        case 0..<WireTag.firstDictionary:
            // The word of code 0, the absent value, is empty.
            return words[Int(mark)]
        case WireTag.firstDictionary...WireTag.lastDictionary:
            let page = Int(mark &- WireTag.firstDictionary)
            return words[TokenDictionary.singleCount + page * 256 + Int(try byte())]
        case WireTag.binary8, WireTag.binary20, WireTag.binary32:
            let range = try take(binaryLength(of: mark))
            guard let text = PackedText.text(of: UnsafeBufferPointer(rebasing: bytes[range])) else {
                throw .malformedString
            }
            return text
        case WireTag.nibble8, WireTag.hex8:
            let header = try byte()
            let range = try take(Int(header & 0x7f))
            let packed = UnsafeBufferPointer(rebasing: bytes[range])
            let text = PackedText.unpack(packed, isOdd: header & 0x80 != 0, alphabet: mark)
            guard let text else { throw .malformedPacking }
            return text
        default:
            throw .unknownTag(mark)
        }
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func byte() throws(StanzaError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    @inline(__always)
    private mutating func integer16() throws(StanzaError) -> Int {
        let high = try byte()
        return Int(high) << 8 | Int(try byte())
    }

    private mutating func binaryLength(of mark: UInt8) throws(StanzaError) -> Int {
        if mark == WireTag.binary8 { return Int(try byte()) }
        if mark == WireTag.binary20 {
            let high = try byte()
            return Int(high & 0x0f) << 16 | (try integer16())
        }
        let high = try integer16()
        return high << 16 | (try integer16())
    }

    @inline(__always)
    private mutating func take(_ count: Int) throws(StanzaError) -> Range<Int> {
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return position..<position + count
    }

    /// Room for so many items may be taken: there are bytes for them, and the stanza has not had its share.
    private mutating func claim(_ items: Int, bytesEach: Int) throws(StanzaError) {
        guard items * bytesEach <= bytes.count - position else { throw .truncated }
        try spend(items)
    }

    private mutating func spend(_ items: Int) throws(StanzaError) {
        itemsLeft -= items
        guard itemsLeft >= 0 else { throw .tooManyItems(limit: limits.items) }
    }
}
