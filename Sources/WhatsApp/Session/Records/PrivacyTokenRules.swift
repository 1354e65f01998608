internal import WhatsAppWire

/// How long trusted-contact tokens count: time is cut into buckets, of which the present and some before it do.
///
/// The service may set others by its properties; what makes no sense is taken as the nearest that does.
struct PrivacyTokenRules: Equatable {
    /// Seconds; property 865.
    var bucket: UInt64 = 604_800
    /// Property 909.
    var buckets: UInt64 = 4
    /// Seconds, for those that this account gives; property 996.
    ///
    /// How many of these count (property 997) is nobody's question: a gift is due by its bucket alone, and who has got it says
    /// by their own rules how long it holds.
    var ownBucket: UInt64 = 604_800

    /// Half a year.
    private static let longestBucket: UInt64 = 15_552_000
    private static let mostBuckets: UInt64 = 1_000

    init() {}

    /// Reads `<props><prop config_code config_value/>…</props>`.
    init(properties: BinaryNode) {
        for property in properties.children("prop") {
            guard let value = property.attributes.integer("config_value", as: UInt64.self) else { continue }
            switch property.attributes.text("config_code") {
            case "865": bucket = min(max(value, 1), Self.longestBucket)
            case "909": buckets = min(max(value, 1), Self.mostBuckets)
            case "996": ownBucket = min(max(value, 1), Self.longestBucket)
            default: break
            }
        }
    }

    init?(encoded bytes: [UInt8]) {
        var reader = RecordReader(bytes)
        guard let bucket = try? reader.number(), let buckets = try? reader.number(),
            let ownBucket = try? reader.number(), bucket > 0, buckets > 0, ownBucket > 0
        else { return nil }
        (self.bucket, self.buckets, self.ownBucket) = (bucket, buckets, ownBucket)
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        for number in [bucket, buckets, ownBucket] { writer.write(number) }
        return writer.bytes
    }
}
