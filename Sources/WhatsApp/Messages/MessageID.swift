internal import Crypto
package import Foundation
internal import SignalProtocol
package import WhatsAppWire

/// Identifiers of messages that Wharf writes.
package enum MessageID {
    /// A new identifier: `3EB0` and 18 upper-case hexadecimal digits, as web clients make them.
    ///
    /// The digits are the start of SHA-256 over the time, the own user and 16 random bytes.
    package static func make(own: JID, now: Date, using random: inout some RandomNumberGenerator) -> String {
        let seconds = UInt64(exactly: now.timeIntervalSince1970.rounded(.down)) ?? 0
        return make(own: own.user, seconds: seconds, random: randomBytes(16, using: &random))
    }

    static func make(own user: String, seconds: UInt64, random: [UInt8]) -> String {
        var hash = SHA256()
        withUnsafeBytes(of: seconds.bigEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: Data(user.utf8))
        hash.update(data: Data("@c.us".utf8))
        hash.update(data: random)
        let digits = hash.finalize().prefix(9)
            .map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count == 1 ? "0" + digits : digits
            }
        return "3EB0" + digits.joined()
    }
}
