internal import Foundation
internal import WhatsAppCrypto

/// Where the collections of an account stand: which are wanted, which wait for a key, what has gone wrong.
package struct AppStateSync: Sendable {
    /// What a failure calls for.
    enum Remedy: Equatable {
        /// Nothing more until the phone has sent these.
        case waitForKeys([AppStateKeyID])
        /// From the beginning, with all checks.
        case startOver
        /// From the beginning, each record checked by itself; the phone is asked for its own copy.
        case startOverUnchecked
        /// Until something asks for the collection again.
        case giveUp
    }

    /// A key is asked for once in that time.
    static let keyRequestPause: TimeInterval = 24 * 60 * 60
    /// The phone is asked for its copy of a collection once in that time.
    static let recoveryPause: TimeInterval = 24 * 60 * 60

    private var wanted: Set<AppStateCollection> = []
    /// Wanted still, and not to be had now.
    private var postponed: Set<AppStateCollection> = []
    private var blocked: [AppStateCollection: Set<AppStateKeyID>] = [:]
    private var failures: [AppStateCollection: Int] = [:]
    private var keyRequests: [AppStateKeyID: Date] = [:]
    private var recoveries: [AppStateCollection: Date] = [:]
    /// Someone is at work; everybody else waits in line.
    private var isLocked = false
    private var line: [CheckedContinuation<Void, Never>] = []
    /// There is a task that fetches what is wanted.
    var isFetching = false

    package init() {}

    // MARK: What is wanted

    mutating func want(_ collections: some Sequence<AppStateCollection>) {
        wanted.formUnion(collections)
    }

    /// It could not be had now: something else has to happen before it is tried again.
    mutating func postpone(_ collections: some Sequence<AppStateCollection>) {
        postponed.formUnion(collections)
    }

    /// What is to be fetched now, in the order of its importance; each is given out once.
    ///
    /// Collections that wait for a key are postponed.
    mutating func takeWanted() -> [AppStateCollection] {
        let waiting = wanted.filter { blocked[$0] != nil }
        let now = wanted.subtracting(waiting)
        postponed.formUnion(waiting)
        postponed.subtract(now)
        wanted = []
        return AppStateCollection.allCases.filter { now.contains($0) }
    }

    /// What has been asked for and is not here yet.
    var stillWanted: [AppStateCollection] {
        AppStateCollection.allCases.filter { wanted.contains($0) || postponed.contains($0) }
    }

    /// A new connection: everything may be tried again.
    mutating func clearBlocks() {
        blocked = [:]
        failures = [:]
        wanted.formUnion(postponed)
        postponed = []
    }

    // MARK: Keys

    /// The collections that can go on with keys that have come.
    mutating func unblock(_ keys: some Collection<AppStateKeyID>) -> [AppStateCollection] {
        for key in keys { keyRequests[key] = nil }
        var free: [AppStateCollection] = []
        for (collection, missing) in blocked where !missing.isDisjoint(with: keys) {
            blocked[collection] = nil
            free.append(collection)
        }
        return free
    }

    func isBlocked(_ collection: AppStateCollection) -> Bool {
        blocked[collection] != nil
    }

    /// Those that are to be asked for now; they count as asked for.
    mutating func request(_ keys: [AppStateKeyID], at now: Date) -> [AppStateKeyID] {
        keyRequests = keyRequests.filter { now.timeIntervalSince($0.value) < Self.keyRequestPause }
        let due = keys.filter { keyRequests[$0] == nil }.prefix(100)
        for key in due { keyRequests[key] = now }
        return Array(due)
    }

    /// They could not be asked for after all.
    mutating func forgetRequests(of keys: [AppStateKeyID]) {
        for key in keys { keyRequests[key] = nil }
    }

    // MARK: Failures

    mutating func succeeded(_ collection: AppStateCollection) {
        failures[collection] = nil
        blocked[collection] = nil
    }

    mutating func failed(_ collection: AppStateCollection, _ error: AppStateError) -> Remedy {
        if case .missingKeys(let keys) = error {
            blocked[collection] = Set(keys.prefix(1000))
            return .waitForKeys(keys)
        }
        let count = failures[collection, default: 0] + 1
        failures[collection] = count
        return switch count {
        case 1: .startOver
        case 2: .startOverUnchecked
        default: .giveUp
        }
    }

    /// Whether the phone is to be asked for its copy of a collection now; it then counts as asked.
    mutating func askForRecovery(_ collection: AppStateCollection, at now: Date) -> Bool {
        if let last = recoveries[collection], now.timeIntervalSince(last) < Self.recoveryPause { return false }
        recoveries[collection] = now
        return true
    }

    mutating func forgetRecovery(of collection: AppStateCollection) {
        recoveries[collection] = nil
    }

    /// Whether the next attempt checks each record by itself only.
    func startsUnchecked(_ collection: AppStateCollection) -> Bool {
        failures[collection, default: 0] >= 2
    }

    /// Whether the phone's copy of a collection was asked for: another does not count.
    func takesRecovery(_ collection: AppStateCollection) -> Bool {
        recoveries[collection] != nil
    }

    // MARK: One at a time

    /// True when the caller may go on at once; otherwise it is to wait through ``wait(_:)``.
    mutating func lock() -> Bool {
        guard isLocked else {
            isLocked = true
            return true
        }
        return false
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) {
        line.append(continuation)
    }

    /// Lets the next in line go on.
    mutating func unlock() {
        guard !line.isEmpty else {
            isLocked = false
            return
        }
        line.removeFirst().resume()
    }
}
