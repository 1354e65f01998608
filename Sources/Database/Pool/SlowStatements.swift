import Synchronization

/// Statements that took long, by their texts: how often, and how long.
///
/// A text has placeholders in the places of values, so it holds nothing of anybody's. So many texts are kept; of a further one
/// the one that has taken the least time in all makes room.
package final class SlowStatements: Sendable {
    package struct Entry: Sendable, Equatable {
        package let text: String
        package internal(set) var count: Int
        package internal(set) var total: Duration
        package internal(set) var longest: Duration
    }

    private static let textLimit = 300
    private let threshold: Duration
    private let limit: Int
    private let entries = Mutex<[String: Entry]>([:])

    init(threshold: Duration = .milliseconds(200), limit: Int = 100) {
        self.threshold = threshold
        self.limit = limit
    }

    func note(_ text: String, took duration: Duration) {
        guard duration >= threshold else { return }
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(Self.textLimit)
        entries.withLock { entries in
            let key = String(text)
            if entries[key] == nil, entries.count >= limit,
                let least = entries.values.min(by: { $0.total < $1.total })
            {
                entries[least.text] = nil
            }
            var entry = entries[key] ?? Entry(text: key, count: 0, total: .zero, longest: .zero)
            entry.count += 1
            entry.total += duration
            entry.longest = max(entry.longest, duration)
            entries[key] = entry
        }
    }

    /// Those that took the most time in all, first.
    package func top(_ count: Int) -> [Entry] {
        let all = entries.withLock { Array($0.values) }
        return Array(all.sorted { ($0.total, $0.text) > ($1.total, $1.text) }.prefix(count))
    }
}
