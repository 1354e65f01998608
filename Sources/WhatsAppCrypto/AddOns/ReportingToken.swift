internal import Crypto
internal import Foundation
package import WhatsAppWire

/// What lets the service check, when somebody reports a message, that it is the one that was sent.
///
/// HMAC-SHA256 over the parts of the encoded message that count, cut to 16 bytes, under a key from the message's secret.
package enum ReportingToken {
    /// The value of `v` in the stanza and of `reportingTokenVersion` in the message.
    package static let version: Int32 = 2

    /// `sender` is the own name in the chat's namespace, `remote` the chat.
    ///
    /// Nil where nothing of the message counts.
    package static func make(
        message encoded: [UInt8],
        secret: some Collection<UInt8>,
        id: String,
        sender: JID,
        remote: JID
    ) -> [UInt8]? {
        guard let content = ReportedContent.reduce(encoded), !content.isEmpty else { return nil }
        let info = id + sender.withoutDevice.description + remote.withoutDevice.description + "Report Token"
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(secret)),
            info: Data(info.utf8),
            outputByteCount: 32
        )
        return Array(HMAC<SHA256>.authenticationCode(for: content, using: key).prefix(16))
    }
}

/// The parts of a message that a report is about: fields of a fixed list, in the order of their numbers.
enum ReportedContent {
    /// What counts of a field.
    indirect enum Part {
        /// The field as it is.
        case whole
        /// These fields of it, and nothing where none is there.
        case fields([UInt64: Part])
        /// It is a message itself.
        case message
    }

    private static let depthLimit = 8

    /// Nil where the bytes are no message.
    static func reduce(_ encoded: some Collection<UInt8>) -> [UInt8]? {
        reduce(Array(encoded)[...], list, depth: 0)
    }

    private static func reduce(_ bytes: ArraySlice<UInt8>, _ parts: [UInt64: Part], depth: Int) -> [UInt8]? {
        guard depth < depthLimit else { return [] }
        var kept: [(number: UInt64, bytes: [UInt8])] = []
        var rest = bytes
        while !rest.isEmpty {
            let start = rest
            guard let tag = number(&rest), let body = body(&rest, type: tag & 7) else { return nil }
            let field = tag >> 3
            switch parts[field] {
            case nil: continue
            case .whole: kept.append((field, Array(start[start.startIndex..<rest.startIndex])))
            case .fields(let inner):
                guard tag & 7 == 2, let reduced = reduce(body, inner, depth: depth + 1) else { return nil }
                if !reduced.isEmpty { kept.append((field, encode(tag, reduced))) }
            case .message:
                guard tag & 7 == 2, let reduced = reduce(body, list, depth: depth + 1) else { return nil }
                if !reduced.isEmpty { kept.append((field, encode(tag, reduced))) }
            }
        }
        // Fields of one number stay in their order.
        let order = kept.indices.sorted { (kept[$0].number, $0) < (kept[$1].number, $1) }
        return order.flatMap { kept[$0].bytes }
    }

    private static func encode(_ tag: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(tag) + varint(UInt64(content.count)) + content
    }

    private static func varint(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    /// What follows a tag; groups are not used.
    private static func body(_ bytes: inout ArraySlice<UInt8>, type: UInt64) -> ArraySlice<UInt8>? {
        let start = bytes
        let count: Int
        switch type {
        case 0:
            guard number(&bytes) != nil else { return nil }
            return start[start.startIndex..<bytes.startIndex]
        case 1: count = 8
        case 2:
            guard let length = number(&bytes), let exact = Int(exactly: length) else { return nil }
            count = exact
        case 5: count = 4
        default: return nil
        }
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    // MARK: The list

    private static func these(_ numbers: UInt64..., with inner: [UInt64: Part] = [:]) -> Part {
        .fields(Dictionary(uniqueKeysWithValues: numbers.map { ($0, Part.whole) }).merging(inner) { _, inner in inner })
    }

    /// Whether and how often it was forwarded, in the context under that number.
    private static func context(_ number: UInt64) -> [UInt64: Part] { [number: these(21, 22)] }

    private static let list: [UInt64: Part] = {
        let wrapped = Part.fields([1: .message])
        let poll = these(2, with: [3: these(1, 2), 8: these(1, 2)].merging(context(5)) { left, _ in left })
        let video = these(2, 6, 7, 13, 20, with: context(17))
        return [
            1: .whole,
            3: these(2, 3, 8, 11, 25, with: context(17)),
            4: these(1, 16, with: context(17)),
            5: these(3, 4, 5, 16, with: context(17)),
            6: these(1, 30, with: context(17)),
            7: these(2, 7, 10, 20, with: context(17)),
            8: these(2, 7, 9, 21, with: context(17)),
            9: video,
            12: these(1, 2, 15, with: [14: .message]),
            18: these(6, 16, with: context(17)),
            26: these(4, 5, 8, 13, with: context(17)),
            28: these(1, 2, 4, 5, 6, with: context(7)),
            37: wrapped,
            49: poll, 60: poll, 64: poll,
            53: wrapped, 55: wrapped, 58: wrapped, 59: wrapped,
            66: video,
            74: wrapped, 87: wrapped,
            88: these(1, with: [2: these(1)].merging(context(3)) { left, _ in left }),
            92: wrapped, 93: wrapped, 94: wrapped,
        ]
    }()
}
