package import WhatsAppWire

/// The groups of a session that are at hand, the latest used first to stay.
///
/// What does not fit is in the store. A group that is being asked for is asked for once, and what is told of it meanwhile
/// keeps the answer from being kept.
package struct GroupCache: Sendable {
    private struct Entry: Sendable {
        var group: GroupMetadata
        var used: UInt64
    }

    /// About so many bytes; the group used last stays even if it is larger.
    package static let capacity = 256 * 1_024

    private var entries: [JID: Entry] = [:]
    private var clock: UInt64 = 0
    /// The clock when it was cooled last.
    private var horizon: UInt64 = 0
    private(set) var byteCount = 0
    /// Nil before it has been read from the store; raised when everything that is known is out of date.
    var epoch: UInt32?
    /// Groups that are being asked for, and who waits for the answer.
    private var questions: [JID: Question] = [:]

    private struct Question: Sendable {
        var waiting: [CheckedContinuation<Result<GroupMetadata, RequestError>, Never>] = []
        var isOverheard = false
    }

    package init() {}

    package var count: Int { entries.count }

    package subscript(group: JID) -> GroupMetadata? {
        mutating get {
            guard entries[group] != nil else { return nil }
            clock &+= 1
            entries[group]?.used = clock
            return entries[group]?.group
        }
    }

    /// Without counting as a use.
    func peek(_ group: JID) -> GroupMetadata? { entries[group]?.group }

    package mutating func put(_ group: GroupMetadata) {
        drop(group.jid)
        clock &+= 1
        entries[group.jid] = Entry(group: group, used: clock)
        byteCount += group.byteCount
        while byteCount > Self.capacity, entries.count > 1,
            let oldest = entries.min(by: { $0.value.used < $1.value.used })?.key
        {
            drop(oldest)
        }
    }

    package mutating func drop(_ group: JID) {
        guard let old = entries.removeValue(forKey: group) else { return }
        byteCount -= old.group.byteCount
    }

    /// Drops what has not been used since the last call.
    mutating func cool() {
        for (group, entry) in entries where entry.used <= horizon { drop(group) }
        if entries.isEmpty { entries = [:] }
        horizon = clock
    }

    /// All answers that are under way may be older than what is known now.
    mutating func overhearAll() {
        for group in questions.keys { questions[group]?.isOverheard = true }
    }

    // MARK: Questions

    /// Whether the caller is to ask; otherwise it is being asked for, and the caller waits with ``wait(for:_:)``.
    mutating func begin(_ group: JID) -> Bool {
        guard questions[group] == nil else { return false }
        questions[group] = Question()
        return true
    }

    mutating func wait(for group: JID, _ continuation: CheckedContinuation<Result<GroupMetadata, RequestError>, Never>)
    {
        guard questions[group] != nil else {
            // The answer came between the look and the wait; who asks again finds it.
            return continuation.resume(returning: .failure(.notConnected))
        }
        questions[group]?.waiting.append(continuation)
    }

    /// Something was told of the group: an answer that is under way may be older.
    mutating func overhear(_ group: JID) {
        questions[group]?.isOverheard = true
    }

    /// The answer is there; false when it must not be kept.
    mutating func finish(_ group: JID, _ result: Result<GroupMetadata, RequestError>) -> Bool {
        guard let question = questions.removeValue(forKey: group) else { return true }
        for continuation in question.waiting { continuation.resume(returning: result) }
        return !question.isOverheard
    }
}
