import Foundation
import WhatsAppWire

/// A kept group cannot be read.
enum GroupRecordError: Error, Equatable {
    case damaged
}

/// Writes numbers in as few bytes as they need, and texts with their length.
struct GroupRecordWriter {
    var bytes: [UInt8] = []

    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func text(_ text: String) {
        number(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Empty for none.
    mutating func jid(_ jid: JID?) {
        text(jid?.description ?? "")
    }

    /// 0 for none, else the seconds since 1970 and one.
    mutating func date(_ date: Date?) {
        let seconds = date.flatMap { UInt64(exactly: $0.timeIntervalSince1970.rounded(.down)) }
        number(seconds.map { $0 &+ 1 } ?? 0)
    }
}

/// Reads what ``GroupRecordWriter`` wrote.
struct GroupRecordReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(GroupRecordError) -> UInt8 {
        guard position < bytes.count else { throw .damaged }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() throws(GroupRecordError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let byte = try byte()
            let part = UInt64(byte & 0x7f)
            guard shift < 63 || part <= 1 else { throw .damaged }
            value |= part << shift
            if byte < 0x80 { return value }
        }
        throw .damaged
    }

    /// A number of things of which each takes a byte at least.
    mutating func count(limit: Int) throws(GroupRecordError) -> Int {
        guard let count = Int(exactly: try number()), count <= limit, count <= bytes.count - position else {
            throw .damaged
        }
        return count
    }

    mutating func text() throws(GroupRecordError) -> String {
        let count = try count(limit: bytes.count)
        defer { position += count }
        guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else { throw .damaged }
        return text
    }

    mutating func jid() throws(GroupRecordError) -> JID? {
        let text = try text()
        guard !text.isEmpty else { return nil }
        guard let jid = JID(text), !jid.user.isEmpty else { throw .damaged }
        return jid
    }

    mutating func date() throws(GroupRecordError) -> Date? {
        let number = try number()
        guard number > 0 else { return nil }
        guard number <= 253_402_300_800 else { throw .damaged }
        return Date(timeIntervalSince1970: TimeInterval(number - 1))
    }
}
