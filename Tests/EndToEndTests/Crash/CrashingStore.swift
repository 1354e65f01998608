import Foundation
import Synchronization
import WhatsApp

/// A store that dies with its process: after the crash nothing is written, read or heard of.
///
/// A commit that is under way then is either durable or not, and in both cases nobody learns which.
final class CrashingStore: SessionStore {
    private let store: any SessionStore
    private let state: Mutex<State>

    private struct State {
        var commitsLeft: Int
        var isLastDurable: Bool
        var isDead = false
    }

    /// Crashes at the commit after so many.
    init(_ store: any SessionStore, commits: Int, isLastDurable: Bool) {
        self.store = store
        state = Mutex(State(commitsLeft: commits, isLastDurable: isLastDurable))
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    private func check() throws(StoreError) {
        if isDead { throw .closed }
    }

    func credentials() async throws(StoreError) -> Credentials? {
        try check()
        return try await store.credentials()
    }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: [UInt8]] {
        try check()
        return try await store.load(keys)
    }

    func list(
        _ kind: RecordKind,
        prefix: String,
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [(name: String, value: [UInt8])] {
        try check()
        return try await store.list(kind, prefix: prefix, after: name, limit: limit)
    }

    func message(chat: String, id: String, sender: String?) async throws(StoreError) -> StoredMessage? {
        try check()
        return try await store.message(chat: chat, id: id, sender: sender)
    }

    func newestMessage(in chats: [String]) async throws(StoreError) -> Date? {
        try check()
        return try await store.newestMessage(in: chats)
    }

    func pushName(of names: [String]) async throws(StoreError) -> String? {
        try check()
        return try await store.pushName(of: names)
    }

    func pendingMessages(since time: Date) async throws(StoreError) -> [StoredMessage] {
        try check()
        return try await store.pendingMessages(since: time)
    }

    func commit(
        _ batch: StoreBatch,
        whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void
    ) {
        enum Fate { case written, lastWritten, lost }
        let fate: Fate = state.withLock { state in
            guard !state.isDead else { return .lost }
            guard state.commitsLeft > 0 else {
                state.isDead = true
                return state.isLastDurable ? .lastWritten : .lost
            }
            state.commitsLeft -= 1
            return .written
        }
        switch fate {
        case .written: store.commit(batch, whenDone: whenDone)
        case .lastWritten: store.commit(batch) { _ in whenDone(.failure(.closed)) }
        case .lost: whenDone(.failure(.closed))
        }
    }
}
