import Foundation

/// Writes the few ASN.1 types that a certificate is made of (X.690, distinguished encoding).
enum DER {
    static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }
    static func set(_ parts: [UInt8]...) -> [UInt8] { element(0x31, parts.flatMap { $0 }) }
    static func octets(_ content: [UInt8]) -> [UInt8] { element(0x04, content) }
    static func text(_ content: String) -> [UInt8] { element(0x0c, Array(content.utf8)) }
    static func bits(_ content: [UInt8], unused: UInt8 = 0) -> [UInt8] { element(0x03, [unused] + content) }
    static let yes: [UInt8] = [0x01, 0x01, 0xff]

    /// A number that is not negative, most significant byte first.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = magnitude.drop { $0 == 0 }
        guard let first = digits.first else { return element(0x02, [0]) }
        return element(0x02, first < 0x80 ? Array(digits) : [0] + digits)
    }

    /// `content` is the encoded identifier.
    static func object(_ content: [UInt8]) -> [UInt8] { element(0x06, content) }

    static func tagged(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { element(0xa0 | number, content) }

    /// A context-specific type with plain content.
    static func implicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { element(0x80 | number, content) }

    /// `YYYYMMDDHHMMSSZ`, and two digits of the year before 2050 as certificates demand.
    static func time(_ date: Date) -> [UInt8] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let year = parts.year ?? 2_000
        let isShort = (1_950..<2_050).contains(year)
        let rest = [parts.month, parts.day, parts.hour, parts.minute, parts.second].map { padded($0 ?? 0, to: 2) }
        let text = (isShort ? padded(year % 100, to: 2) : padded(year, to: 4)) + rest.joined() + "Z"
        return element(isShort ? 0x17 : 0x18, Array(text.utf8))
    }

    private static func padded(_ number: Int, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        guard content.count >= 0x80 else { return [tag, UInt8(content.count)] + content }
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(truncatingIfNeeded: length.count)] + length + content
    }
}
