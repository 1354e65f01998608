/// Counts of durations in buckets that are a thirty-second of a doubling wide, so that percentiles err by two per cent.
struct LatencyHistogram: Sendable {
    private static let perDoubling = 32
    private static let doublings = 40

    private var buckets = [UInt32](repeating: 0, count: perDoubling * doublings)
    private(set) var count = 0
    private(set) var longest: UInt64 = 0

    /// Microseconds.
    mutating func record(_ duration: UInt64) {
        buckets[Self.bucket(duration)] &+= 1
        count += 1
        longest = max(longest, duration)
    }

    mutating func add(_ other: LatencyHistogram) {
        for index in buckets.indices { buckets[index] &+= other.buckets[index] }
        count += other.count
        longest = max(longest, other.longest)
    }

    /// The duration in microseconds that this share of all (0...1) does not exceed; 0 when there are none.
    func percentile(_ share: Double) -> UInt64 {
        let wanted = max(1, Int((Double(count) * share).rounded(.up)))
        var seen = 0
        for (index, number) in buckets.enumerated() where number > 0 {
            seen += Int(number)
            if seen >= wanted { return min(Self.limit(index), longest) }
        }
        return longest
    }

    private static func bucket(_ value: UInt64) -> Int {
        guard value >= UInt64(perDoubling) else { return Int(truncatingIfNeeded: value) }
        let doubling = 63 - value.leadingZeroBitCount
        let part = Int(truncatingIfNeeded: value >> UInt64(doubling - 5)) - perDoubling
        return min((doubling - 4) * perDoubling + part, perDoubling * doublings - 1)
    }

    /// The highest value of a bucket.
    private static func limit(_ index: Int) -> UInt64 {
        guard index >= perDoubling else { return UInt64(index) }
        let doubling = index / perDoubling - 1
        let part = UInt64(index % perDoubling + perDoubling + 1)
        return (part << UInt64(doubling)) - 1
    }
}
