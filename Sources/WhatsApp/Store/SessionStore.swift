package import Foundation

/// Why the store could not do what it was asked.
package enum StoreError: Error, Equatable {
    /// Another worker holds the session, or none: whoever writes is stale and must let go.
    case leaseLost
    /// The database cannot be reached, or refused.
    case unavailable
    /// A value could not be opened with the session's key.
    case corrupt(RecordKind)
    case closed
}

/// What was written.
package struct CommitReceipt: Sendable, Equatable {
    /// Positions in the batch's `messages` of those that had been there before.
    package var duplicates: Set<Int>

    package init(duplicates: Set<Int> = []) {
        self.duplicates = duplicates
    }
}

/// Where one session keeps what must survive it.
package protocol SessionStore: Sendable {
    func credentials() async throws(StoreError) -> Credentials?

    /// The values of those records that exist and have not expired.
    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: [UInt8]]

    /// All records of a kind whose names start with `prefix`, by name, after `name`, at most `limit`.
    func list(_ kind: RecordKind, prefix: String, after name: String?, limit: Int) async throws(StoreError)
        -> [(name: String, value: [UInt8])]

    /// The message of that name, nil when there is none; where several authors chose the id, that of `sender` or any.
    func message(chat: String, id: String, sender: String?) async throws(StoreError) -> StoredMessage?

    /// When the newest message of these chats was written; nil where there is none.
    func newestMessage(in chats: [String]) async throws(StoreError) -> Date?

    /// What somebody calls themself, who may go by any of these names; nil where nobody has told it.
    func pushName(of names: [String]) async throws(StoreError) -> String?

    /// Own messages of which it is not known whether the service has them, written since then, oldest first; not those of
    /// the history. Of very many the first.
    func pendingMessages(since time: Date) async throws(StoreError) -> [StoredMessage]

    /// The rows of events that were not heard in an earlier run; to be asked once, as a run begins.
    func untoldEvents() async throws(StoreError) -> [(name: String, value: [UInt8])]

    /// Makes a batch durable, then calls back, from anywhere.
    ///
    /// Batches of one session become durable in the order of the calls, and a failed one fails all after it until the
    /// session starts anew. Batches of many sessions share a commit.
    func commit(_ batch: StoreBatch, whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void)

    /// Whether the session may go on to the next batch, or is to wait because too much waits already, its own included.
    var hasRoom: Bool { get }

    /// Waits until there is room again, or nothing is taken any more.
    func waitForRoom() async
}

extension SessionStore {
    package var hasRoom: Bool { true }

    package func waitForRoom() async {}

    /// Makes a batch durable and waits for it.
    package func commit(_ batch: StoreBatch) async throws(StoreError) -> CommitReceipt {
        let result = await withCheckedContinuation { continuation in
            commit(batch) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    package func untoldEvents() async throws(StoreError) -> [(name: String, value: [UInt8])] {
        try await list(.untoldEvents, prefix: "", after: nil, limit: EventJournal.limit)
    }

    package func message(chat: String, id: String) async throws(StoreError) -> StoredMessage? {
        try await message(chat: chat, id: id, sender: nil)
    }

    package func load(_ kind: RecordKind, _ name: String) async throws(StoreError) -> [UInt8]? {
        let key = RecordKey(kind, name)
        return try await load([key])[key]
    }
}
