internal import Crypto
internal import Foundation

/// Codes of six digits that change every thirty seconds (RFC 6238, HMAC-SHA-1).
enum TOTP {
    static let period: TimeInterval = 30
    static let secretLength = 20

    static func step(at date: Date) -> Int64 {
        Int64((date.timeIntervalSince1970 / period).rounded(.down))
    }

    static func code(_ secret: [UInt8], step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let hash = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret))
        )
        let offset = Int(hash[19] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step whose code this is, one before and one after the current one included; nil for none after `used`.
    static func step(of code: String, secret: [UInt8], at date: Date, after used: Int64) -> Int64? {
        let current = step(at: date)
        var found: Int64?
        // All are compared, and each whole, so that the time says nothing.
        for step in current - 1...current + 1 where step > used && isSame(code, self.code(secret, step: step)) {
            found = step
        }
        return found
    }

    /// What an authenticator reads from a QR code.
    static func address(secret: [UInt8], account: EmailAddress, issuer: String) -> String {
        let label = "\(issuer):\(account.text)".utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            return isPlain || ".-_".utf8.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + String(Int(byte) + 0x100, radix: 16).suffix(2).uppercased()
        }.joined()
        return "otpauth://totp/\(label)?secret=\(base32(secret))&issuer=\(issuer)"
    }

    /// RFC 4648, without padding.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        return text
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
