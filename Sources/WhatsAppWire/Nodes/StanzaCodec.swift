package import Compression

/// Why bytes are no stanza, or a stanza cannot be written.
package enum StanzaError: Error, Equatable {
    case truncated
    case unknownTag(UInt8)
    case malformedList
    case malformedString
    case malformedPacking
    case unknownDomain(UInt8)
    /// A JID in the form of another server than its own.
    case malformedJID
    case missingTag
    case trailingBytes(Int)
    case tooDeep(limit: Int)
    case tooManyItems(limit: Int)
    case compression(CompressionError)
    /// The wire has one byte for a device.
    case unencodableDevice(UInt16)
    /// More than fits in a frame.
    case tooLong(Int)
}

/// Bounds on what a stanza may unfold to.
package struct StanzaLimits: Sendable {
    /// Bytes after decompression.
    package var inflatedLength = 16 << 20
    /// Lists inside lists.
    package var depth = 64
    /// Nodes and attributes together.
    package var items = 262_144

    package init() {}

    package static let standard = StanzaLimits()
}

/// A frame's plaintext: a flags byte, then one node, perhaps compressed.
package enum StanzaCodec {
    static let compressed: UInt8 = 0x02

    /// Writes the flags byte 00 and the node.
    ///
    /// Throws when it would not fit in a frame.
    package static func encode(_ node: BinaryNode) throws(StanzaError) -> [UInt8] {
        let bytes = try NodeEncoder.encode(node)
        // Flags, node and the cipher's tag share the frame.
        guard bytes.count + 16 < 1 << 24 else { throw .tooLong(bytes.count) }
        return bytes
    }

    /// The same, compressed (flags byte 02).
    ///
    /// Clients never send it; servers may.
    package static func encodeCompressed(_ node: BinaryNode) throws(StanzaError) -> [UInt8] {
        let plain = try encode(node)
        do {
            return try [compressed] + Compression.deflate(plain.dropFirst(), format: .zlib)
        } catch {
            throw .compression(error)
        }
    }

    /// Reads one node, which must end where the bytes end.
    ///
    /// Content bytes are slices of `payload`, not copies.
    package static func decode(_ payload: [UInt8], limits: StanzaLimits = .standard) throws(StanzaError) -> BinaryNode {
        guard let flags = payload.first else { throw .truncated }
        guard flags & compressed == 0 else {
            let body: [UInt8]
            do {
                body = try Compression.inflate(payload.dropFirst(), format: .automatic, limit: limits.inflatedLength)
            } catch {
                throw .compression(error)
            }
            return try NodeDecoder.decode(body, from: 0, limits: limits)
        }
        return try NodeDecoder.decode(payload, from: 1, limits: limits)
    }
}
