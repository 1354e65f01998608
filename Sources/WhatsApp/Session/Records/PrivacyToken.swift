internal import Foundation

/// The trusted-contact token that somebody gave this account, and when this account gave one to them.
struct PrivacyToken: Equatable {
    var token: [UInt8] = []
    /// Seconds since 1970, as the giver dated it.
    var timestamp: UInt64 = 0
    /// Seconds since 1970 of our own last gift; 0 for never.
    var issuedAt: UInt64 = 0

    init() {}

    init(encoded bytes: [UInt8]) throws(RecordFormatError) {
        var reader = RecordReader(bytes)
        token = try reader.bytes()
        timestamp = try reader.number()
        issuedAt = try reader.number()
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(token)
        writer.write(timestamp)
        writer.write(issuedAt)
        return writer.bytes
    }

    /// Whether the token may still be shown.
    func isValid(at now: Date, _ rules: PrivacyTokenRules) -> Bool {
        guard !token.isEmpty else { return false }
        let current = Self.seconds(now) / rules.bucket
        let first = current >= rules.buckets - 1 ? current - (rules.buckets - 1) : 0
        return timestamp >= first * rules.bucket
    }

    /// Whether ours is due: never given, or in an older bucket.
    func isIssueDue(at now: Date, _ rules: PrivacyTokenRules) -> Bool {
        issuedAt == 0 || Self.seconds(now) / rules.ownBucket > issuedAt / rules.ownBucket
    }

    private static func seconds(_ date: Date) -> UInt64 { UInt64(max(0, date.timeIntervalSince1970)) }
}
