internal import Foundation

/// The trusted-contact token that somebody gave this account, and when this account gave one to them.
struct PrivacyToken: Equatable {
    var token: [UInt8] = []
    /// Seconds since 1970, as the giver dated it.
    var timestamp: UInt64 = 0
    /// Seconds since 1970 of our own last gift; 0 for never.
    var issuedAt: UInt64 = 0

    /// Seven days (server property 865), of which four count (909).
    static let bucket: UInt64 = 604_800
    static let buckets: UInt64 = 4

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
    func isValid(at now: Date) -> Bool {
        guard !token.isEmpty else { return false }
        let current = Self.bucketNumber(of: Self.seconds(now))
        let first = current >= Self.buckets - 1 ? current - (Self.buckets - 1) : 0
        return timestamp >= first * Self.bucket
    }

    /// Whether ours is due: never given, or in an older bucket.
    func isIssueDue(at now: Date) -> Bool {
        issuedAt == 0 || Self.bucketNumber(of: Self.seconds(now)) > Self.bucketNumber(of: issuedAt)
    }

    private static func bucketNumber(of seconds: UInt64) -> UInt64 { seconds / bucket }

    private static func seconds(_ date: Date) -> UInt64 { UInt64(max(0, date.timeIntervalSince1970)) }
}
