import Database
package import Foundation
import Synchronization
package import WhatsApp

/// One session's store on PostgreSQL, for as long as one lease: everything secret sealed with the session's key.
///
/// What has been handed to ``commit(_:whenDone:)`` is read back at once, durable or not. After a batch has failed the store is
/// of no more use; the session starts anew with another.
package final class PostgresSessionStore: SessionStore {
    /// A batch on its way to the database.
    typealias Ticket = UInt64

    private struct State {
        var pending: [(ticket: Ticket, batch: StoreBatch)] = []
        var nextTicket: Ticket = 0
        var failure: StoreError?
        /// Each waits for what had been handed over before a ticket.
        var waiters: [(before: Ticket, continuation: CheckedContinuation<Void, Never>)] = []
        /// Read along with the lease, for the first who asks.
        var loadedCredentials: Credentials?
        var loadedEvents: [(name: String, value: [UInt8])]?
    }

    let session: SessionID
    let epoch: Int64
    let key: DataKey
    private let rows: SessionRows
    private let writer: CommitWriter
    private let state: Mutex<State>

    init(
        session: SessionID,
        epoch: Int64,
        key: DataKey,
        rows: SessionRows,
        writer: CommitWriter,
        credentials: Credentials? = nil,
        untoldEvents: [(name: String, value: [UInt8])]? = nil
    ) {
        self.session = session
        self.epoch = epoch
        self.key = key
        self.rows = rows
        self.writer = writer
        state = Mutex(State(loadedCredentials: credentials, loadedEvents: untoldEvents))
    }

    package func credentials() async throws(StoreError) -> Credentials? {
        let known = state.withLock { state in
            defer { state.loadedCredentials = nil }
            return state.pending.last { $0.batch.credentials != nil }?.batch.credentials ?? state.loadedCredentials
        }
        if let known { return known }
        return try await rows.credentials(of: session, key: key)
    }

    package func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: [UInt8]] {
        let pending = state.withLock { state in state.pending.map(\.batch) }
        guard !pending.isEmpty else { return try await rows.load(keys, of: session, key: key) }
        var found: [RecordKey: [UInt8]] = [:]
        var rest: [RecordKey] = []
        for key in keys {
            switch Self.pendingChange(of: key, in: pending) {
            case .put(let value, _): found[key] = value
            case .delete: break
            case nil: rest.append(key)
            }
        }
        guard !rest.isEmpty else { return found }
        return found.merging(try await rows.load(rest, of: session, key: key)) { pending, _ in pending }
    }

    package func list(
        _ kind: RecordKind,
        prefix: String,
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [(name: String, value: [UInt8])] {
        await settle()
        return try await rows.list(kind, of: session, prefix: prefix, after: name, limit: limit, key: key)
    }

    package func message(chat: String, id: String, sender: String?) async throws(StoreError) -> StoredMessage? {
        // What is on its way is looked through and not waited for: in a busy session there is always something.
        let pending = state.withLock { state in state.pending.map(\.batch) }
        let isWanted: (StoredMessage) -> Bool = { message in
            message.id == id && message.chat == chat && (sender == nil || message.sender == sender)
        }
        let stored = try await rows.message(chat: chat, id: id, sender: sender, of: session, key: key)
        let waiting = pending.lazy.flatMap(\.messages).filter(isWanted)
        let real = stored?.isPlaceholder == false ? stored : waiting.first { !$0.isPlaceholder }
        guard var message = real ?? stored ?? waiting.first else { return nil }
        // Whether it is starred is not known here; whoever reads it a moment later knows.
        guard !pending.contains(where: { $0.removals.contains { $0.covers(message, isStarred: true) } }) else {
            return nil
        }
        for change in pending.flatMap(\.statuses) where change.id == id && change.chat == chat {
            guard change.status > message.status || change.status == .failed else { continue }
            message.status = change.status
        }
        return message
    }

    package func newestMessage(in chats: [String]) async throws(StoreError) -> Date? {
        await settle()
        return try await rows.newestMessage(in: chats, of: session)
    }

    package func pushName(of names: [String]) async throws(StoreError) -> String? {
        await settle()
        return try await rows.pushName(of: names, in: session)
    }

    package func pendingMessages(since time: Date) async throws(StoreError) -> [StoredMessage] {
        await settle()
        return try await rows.pendingMessages(since: time, of: session, key: key)
    }

    package func untoldEvents() async throws(StoreError) -> [(name: String, value: [UInt8])] {
        let loaded = state.withLock { state in
            defer { state.loadedEvents = nil }
            return state.loadedEvents
        }
        if let loaded { return loaded }
        return try await list(.untoldEvents, prefix: "", after: nil, limit: 1_024)
    }

    /// Calls for one session must come one after the other.
    package func commit(
        _ batch: StoreBatch,
        whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void
    ) {
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            state.pending.append((state.nextTicket, batch))
            return state.nextTicket
        }
        writer.submit(CommitWriter.Entry(store: self, ticket: ticket, batch: batch, whenDone: whenDone))
    }

    package var hasRoom: Bool { writer.hasRoom(for: session) }

    package func waitForRoom() async {
        await writer.waitForRoom(for: session)
    }

    /// Waits until everything that was committed so far has become durable, or has failed; what comes later is not waited
    /// for.
    package func settle() async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                if !state.pending.isEmpty { state.waiters.append((state.nextTicket, continuation)) }
                return state.pending.isEmpty
            }
            if isSettled { continuation.resume() }
        }
    }

    // MARK: For the writer

    /// Why nothing more is written; nil while all is well.
    var failure: StoreError? {
        state.withLock { $0.failure }
    }

    func settled(_ ticket: Ticket, failure: StoreError? = nil) {
        let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
            if let place = state.pending.firstIndex(where: { $0.ticket == ticket }) { state.pending.remove(at: place) }
            if state.failure == nil { state.failure = failure }
            // In the order of the tickets.
            let oldest = state.pending.first?.ticket ?? .max
            let ready = state.waiters.filter { $0.before <= oldest }.map(\.continuation)
            if !ready.isEmpty { state.waiters.removeAll { $0.before <= oldest } }
            return ready
        }
        for waiter in waiters { waiter.resume() }
    }

    private static func pendingChange(of key: RecordKey, in batches: [StoreBatch]) -> StoreBatch.RecordChange? {
        for batch in batches.reversed() {
            if let change = batch.records[key] { return change }
            if batch.deletes(key) { return .delete }
        }
        return nil
    }
}
