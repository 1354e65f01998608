/// The characters of a class such as `[a-z_0-9]`, looked up in a number of steps that hardly grows with their number.
struct RegexClass: Sendable {
    /// Sorted, and none touches the next.
    private let ranges: [ClosedRange<UInt32>]
    /// What is no range of characters: words, blanks and opposites, each kind once.
    private let kinds: [RegexMatcher]

    init(_ matchers: [RegexMatcher]) {
        var ranges: [ClosedRange<UInt32>] = []
        var kinds: [String: RegexMatcher] = [:]
        for matcher in matchers {
            switch matcher {
            case .scalar(let scalar): ranges.append(scalar.value...scalar.value)
            case .range(let low, let high): ranges.append(low.value...high.value)
            case .digit: ranges.append(48...57)
            case .any, .word, .space, .anyOf, .not: kinds["\(matcher)"] = matcher
            }
        }
        self.ranges = Self.merged(ranges)
        self.kinds = Array(kinds.values)
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
        }
        if low < ranges.count, ranges[low].contains(scalar.value) { return true }
        return kinds.contains { $0.matches(scalar) }
    }

    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
            guard let last = merged.last, range.lowerBound <= last.upperBound + 1 else { return merged.append(range) }
            merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        }
    }
}
