/// Reads a node from bytes: total, bounded, and without copying content.
struct NodeDecoder {
    private let source: [UInt8]
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private var itemsLeft: Int
    private let limits: StanzaLimits
    private let dictionary = TokenDictionary.standard

    static func decode(_ source: [UInt8], from start: Int, limits: StanzaLimits) throws(StanzaError) -> BinaryNode {
        // The closure cannot carry a typed error out, hence the result.
        let result: Result<BinaryNode, StanzaError> = source.withUnsafeBufferPointer { bytes in
            var decoder = NodeDecoder(source: source, bytes: bytes, start: start, limits: limits)
            do throws(StanzaError) {
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
        itemsLeft = limits.items
    }

    // MARK: Nodes

    private mutating func node(depth: Int) throws(StanzaError) -> BinaryNode {
        guard let size = try listSize(of: byte()), size > 0 else { throw .malformedList }
        let tag = try tagName()
        let attributeCount = (size - 1) / 2
        try spend(1 + attributeCount)

        var entries: ContiguousArray<BinaryNode.Attributes.Entry> = []
        entries.reserveCapacity(min(attributeCount, (bytes.count - position) / 2))
        for _ in 0..<attributeCount {
            let key = try text(after: byte())
            entries.append(.init(key: key, value: try value(after: byte())))
        }
        let content: BinaryNode.Content = size % 2 == 0 ? try self.content(depth: depth) : .none
        return BinaryNode(tag, .init(entries: entries), content: content)
    }

    private mutating func tagName() throws(StanzaError) -> String {
        let mark = try byte()
        guard mark != WireTag.listEmpty else { throw .missingTag }
        let tag = try text(after: mark)
        guard !tag.isEmpty else { throw .missingTag }
        return tag
    }

    private mutating func content(depth: Int) throws(StanzaError) -> BinaryNode.Content {
        let mark = try byte()
        if let count = try listSize(of: mark) {
            guard depth + 1 < limits.depth else { throw .tooDeep(limit: limits.depth) }
            var nodes: [BinaryNode] = []
            nodes.reserveCapacity(min(count, (bytes.count - position) / 2))
            for _ in 0..<count { nodes.append(try node(depth: depth + 1)) }
            return .nodes(nodes)
        }
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
        // The one that nearly every JID has, without a look-up.
        return mark == 3 ? .user : JID.Server(name: try text(after: mark))
    }

    /// A string in any of its forms; the absent value reads as the empty string.
    private mutating func text(after mark: UInt8) throws(StanzaError) -> String {
        switch mark {
        case WireTag.listEmpty:
            return ""
        case 1..<WireTag.firstDictionary:
            return dictionary.single[Int(mark)]
        case WireTag.firstDictionary...WireTag.lastDictionary:
            return dictionary.double[Int(mark - WireTag.firstDictionary)][Int(try byte())]
        case WireTag.binary8, WireTag.binary20, WireTag.binary32:
            let range = try take(binaryLength(of: mark))
            guard let text = String(validating: bytes[range], as: UTF8.self) else { throw .malformedString }
            return text
        case WireTag.nibble8:
            return try packed(NodeDecoder.nibbles)
        case WireTag.hex8:
            return try packed(NodeDecoder.hexadecimals)
        default:
            throw .unknownTag(mark)
        }
    }

    /// '0'...'9', '-', '.', and zero for the halves that mean nothing.
    private static let nibbles: StaticString = "0123456789-.\0\0\0\0"
    private static let hexadecimals: StaticString = "0123456789ABCDEF"

    private mutating func packed(_ alphabet: StaticString) throws(StanzaError) -> String {
        let header = try byte()
        let range = try take(Int(header & 0x7f))
        let isOdd = header & 0x80 != 0
        guard !(isOdd && range.isEmpty) else { throw .malformedPacking }
        let characters = alphabet.utf8Start
        let count = range.count * 2 - (isOdd ? 1 : 0)
        var isValid = true
        let packed = bytes[range]
        let text = String(unsafeUninitializedCapacity: max(count, 1)) { output in
            for index in 0..<count {
                let byte = packed[range.lowerBound + index / 2]
                let half = index % 2 == 0 ? byte >> 4 : byte & 0x0f
                let character = characters[Int(half)]
                if character == 0 { isValid = false }
                output[index] = character
            }
            return count
        }
        guard isValid else { throw .malformedPacking }
        return text
    }

    // MARK: Bytes

    private mutating func byte() throws(StanzaError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

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

    private mutating func take(_ count: Int) throws(StanzaError) -> Range<Int> {
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return position..<position + count
    }

    private mutating func spend(_ items: Int) throws(StanzaError) {
        itemsLeft -= items
        guard itemsLeft >= 0 else { throw .tooManyItems(limit: limits.items) }
    }
}
