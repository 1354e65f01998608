internal import Accounts
internal import Synchronization

/// How many calls of the API are taken, counted in this process.
///
/// Each subject has a bucket that holds a minute's worth of calls and fills up evenly.
final class APILimits: Sendable {
    private struct Bucket {
        var left: Double
        var at: ContinuousClock.Instant
    }

    private enum Subject: Hashable {
        case address(NetworkAddress)
        case account(AccountID)
    }

    private let buckets = Mutex<[Subject: Bucket]>([:])
    private let mostBuckets: Int

    init(mostBuckets: Int = 50_000) {
        self.mostBuckets = mostBuckets
    }

    /// One call of so many within a minute.
    func take(address: NetworkAddress, of limit: Int) throws(RequestError) {
        try take(.address(address), of: limit)
    }

    func take(account: AccountID, of limit: Int) throws(RequestError) {
        try take(.account(account), of: limit)
    }

    /// Makes room by those who have not called for longest, a tenth of them at a time.
    private static func forgetOldest(of buckets: inout [Subject: Bucket]) {
        let count = max(1, buckets.count / 10)
        for (subject, _) in buckets.sorted(by: { $0.value.at < $1.value.at }).prefix(count) { buckets[subject] = nil }
    }

    private func take(_ subject: Subject, of limit: Int, at now: ContinuousClock.Instant = .now) throws(RequestError) {
        let perSecond = Double(limit) / 60
        let wait: Double? = buckets.withLock { buckets in
            if buckets.count >= mostBuckets {
                // Those that are full again say nothing any more.
                buckets = buckets.filter { $0.value.at.duration(to: now) < .seconds(60) }
                if buckets.count >= mostBuckets { Self.forgetOldest(of: &buckets) }
            }
            var bucket = buckets[subject] ?? Bucket(left: Double(limit), at: now)
            let passed = bucket.at.duration(to: now) / .seconds(1)
            bucket.left = min(Double(limit), bucket.left + passed * perSecond)
            bucket.at = now
            defer { buckets[subject] = bucket }
            guard bucket.left >= 1 else { return (1 - bucket.left) / perSecond }
            bucket.left -= 1
            return nil
        }
        if let wait { throw .tooManyCalls(retryAfter: .seconds(wait)) }
    }
}
