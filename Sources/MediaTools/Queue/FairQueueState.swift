/// Who works and who waits: those who wait take turns by their key, so that one who asks often delays only itself.
struct FairQueueState {
    enum Decision: Equatable {
        case start
        case wait
        case refuse
    }

    private var queues: [String: [UInt64]] = [:]
    /// Keys with somebody waiting, the next one first.
    private var turns: [String] = []
    private(set) var working = 0
    private(set) var waiting = 0
    let limit: Int
    let waitingLimit: Int
    let waitingLimitPerKey: Int

    init(limit: Int, waitingLimit: Int, waitingLimitPerKey: Int) {
        self.limit = max(1, limit)
        self.waitingLimit = waitingLimit
        self.waitingLimitPerKey = waitingLimitPerKey
    }

    mutating func arrive(_ id: UInt64, key: String) -> Decision {
        if working < limit, waiting == 0 {
            working += 1
            return .start
        }
        let queue = queues[key, default: []]
        guard waiting < waitingLimit, queue.count < waitingLimitPerKey else { return .refuse }
        if queue.isEmpty { turns.append(key) }
        queues[key] = queue + [id]
        waiting += 1
        return .wait
    }

    /// Somebody is done; who begins in its place.
    mutating func finish() -> UInt64? {
        guard let key = turns.first, var queue = queues[key], !queue.isEmpty else {
            working -= 1
            return nil
        }
        turns.removeFirst()
        let id = queue.removeFirst()
        waiting -= 1
        if queue.isEmpty {
            queues[key] = nil
        } else {
            queues[key] = queue
            turns.append(key)
        }
        return id
    }

    /// Somebody waits no longer; whether it did.
    mutating func leave(_ id: UInt64, key: String) -> Bool {
        guard var queue = queues[key], let place = queue.firstIndex(of: id) else { return false }
        queue.remove(at: place)
        waiting -= 1
        queues[key] = queue.isEmpty ? nil : queue
        if queue.isEmpty { turns.removeAll { $0 == key } }
        return true
    }
}
