import Foundation
import WhatsApp

/// The number that an attempt has a pairing code out for, or is asking one for.
struct CodeHold: Equatable {
    let phone: PhoneNumber
    /// When the code is worthless by itself.
    let until: Duration
    /// False until it is counted; only then is there something to give back.
    var isCounted = false
}

/// One attempt as the generator keeps it: in memory alone, and wiped by letting go of it.
struct AttemptRecord {
    let request: AttemptRequest
    /// Whose limits it counts for.
    let bucket: String
    /// Nil once nothing more will come of it.
    var connection: LinkingConnection?
    var progress: AttemptProgress
    var deadline: Duration
    /// When somebody asked about it last.
    var lastSeen: Duration
    var subscribers: [UInt64: AsyncStream<GeneratorEvent>.Continuation] = [:]
    var codeHold: CodeHold?
    /// The service wants no request for a code before.
    var codeNotBefore: Duration?

    /// Sockets that one attempt may have open; more close the oldest.
    private static let subscriberLimit = 8

    var isWaiting: Bool { connection != nil }

    /// Tells all browsers; the QR is drawn once for all of them.
    func tell(_ entries: [AttemptLog.Entry]) {
        guard !subscribers.isEmpty else { return }
        for entry in entries {
            let event = entry.notice.event(id: entry.id)
            for subscriber in subscribers.values { subscriber.yield(event) }
        }
    }

    mutating func attach(_ subscriber: UInt64, _ continuation: AsyncStream<GeneratorEvent>.Continuation) {
        if subscribers.count >= Self.subscriberLimit, let oldest = subscribers.keys.min() {
            subscribers.removeValue(forKey: oldest)?.finish()
        }
        subscribers[subscriber] = continuation
    }
}

/// Names of attempts that are over, so that a late browser is told so; only the newest are kept.
struct FinishedAttempts {
    private var ends: [AttemptID: Duration] = [:]
    private var order: [AttemptID] = []
    private let limit: Int
    private let memory: Duration

    init(limit: Int, memory: Duration) {
        self.limit = limit
        self.memory = memory
    }

    func contains(_ id: AttemptID) -> Bool { ends[id] != nil }

    mutating func insert(_ id: AttemptID, at now: Duration) {
        ends[id] = now
        order.append(id)
        if order.count > limit { forget(order.count - limit) }
    }

    mutating func sweep(at now: Duration) {
        let old = order.prefix { ends[$0].map { now - $0 > memory } ?? true }
        forget(old.count)
    }

    private mutating func forget(_ count: Int) {
        for id in order.prefix(count) { ends[id] = nil }
        order.removeFirst(count)
    }
}
