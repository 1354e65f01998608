import Crypto
import Foundation

/// Texts from outside in the form in which the database takes them.
enum StoredText {
    private static let nameLimit = 512

    /// The name of a row: as it is, or where PostgreSQL would refuse it, a hash that stands for it.
    ///
    /// The same text always gives the same name, so what was written under it is found again.
    static func name(_ text: String) -> String {
        guard text.utf8.count > nameLimit || text.utf8.contains(0) else { return text }
        let hash = SHA256.hash(data: Array(text.utf8))
        return "\u{FFFD}" + hash.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }

    /// A text that people read: without NUL and not beyond measure.
    static func words(_ text: String?) -> String? {
        guard let text else { return nil }
        guard text.utf8.count > 4_096 || text.utf8.contains(0) else { return text }
        return String(text.prefix(1_000).filter { $0 != "\0" })
    }

    /// A time that PostgreSQL has: from the year 1 to 9999.
    static func time(_ date: Date?) -> Date? {
        date.map { Date(timeIntervalSince1970: min(max($0.timeIntervalSince1970, -62_135_596_800), 253_402_300_799)) }
    }
}
