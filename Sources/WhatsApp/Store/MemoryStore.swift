package import Foundation
internal import Synchronization

/// A store in memory: for the generator's short connections, for tests and for figures without a database.
package final class MemoryStore: SessionStore {
    fileprivate struct State {
        var credentials: Credentials?
        var records: [RecordKey: (value: [UInt8], expires: Date?)] = [:]
        /// By chat and id; several where authors chose the same id.
        var messages: [String: [StoredMessage]] = [:]
        /// What has become of messages, under the same names.
        var marks: [String: MessageMark] = [:]
        var contacts: [String: ContactChange] = [:]
        var chats: [String: ChatChange] = [:]
        var error: StoreError?
    }

    private let state: Mutex<State>

    package init(credentials: Credentials? = nil) {
        state = Mutex(State(credentials: credentials))
    }

    package func credentials() async throws(StoreError) -> Credentials? {
        state.withLock { $0.credentials }
    }

    package func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: [UInt8]] {
        let now = Date()
        return state.withLock { state in
            var found: [RecordKey: [UInt8]] = [:]
            for key in keys {
                guard let record = state.records[key], record.expires.map({ $0 > now }) ?? true else { continue }
                found[key] = record.value
            }
            return found
        }
    }

    package func list(
        _ kind: RecordKind,
        prefix: String,
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [(name: String, value: [UInt8])] {
        state.withLock { state in
            state.records
                .filter { $0.key.kind == kind && $0.key.name.hasPrefix(prefix) && $0.key.name > (name ?? "") }
                .map { (name: $0.key.name, value: $0.value.value) }
                .sorted { $0.name < $1.name }
                .prefix(limit)
                .map { $0 }
        }
    }

    package func message(chat: String, id: String, sender: String?) async throws(StoreError) -> StoredMessage? {
        let now = Date()
        return state.withLock { state in
            let name = "\(chat)|\(id)"
            return state.messages[name]?.first { message in
                (sender == nil || message.sender == sender) && !state.hasEnded(message, name, at: now)
            }
        }
    }

    package func newestMessage(in chats: [String]) async throws(StoreError) -> Date? {
        state.withLock { state in
            state.messages.values.joined().filter { chats.contains($0.chat) }.map(\.timestamp).max()
        }
    }

    package func pushName(of names: [String]) async throws(StoreError) -> String? {
        let contacts = contacts
        return names.lazy.compactMap { contacts[$0]?.pushName }.first
    }

    package func pendingMessages(since time: Date) async throws(StoreError) -> [StoredMessage] {
        state.withLock { state in
            state.messages.values.joined()
                .filter { $0.isFromMe && !$0.isHistory && $0.status == .pending && $0.timestamp >= time }
                .sorted { $0.timestamp < $1.timestamp }
        }
    }

    package func commit(
        _ batch: StoreBatch,
        whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void
    ) {
        let result: Result<CommitReceipt, StoreError> = state.withLock { state in
            if let error = state.error { return .failure(error) }
            return .success(state.apply(batch))
        }
        whenDone(result)
    }

    // MARK: For tests

    /// All messages, oldest first.
    package var messages: [StoredMessage] {
        state.withLock { $0.messages.values.joined().sorted { $0.timestamp < $1.timestamp } }
    }

    /// What has become of messages beside their status.
    package var marks: [MessageMark] { state.withLock { Array($0.marks.values) } }

    /// Removes what has disappeared by then.
    package func removeEnded(at now: Date) {
        state.withLock { state in
            for (name, messages) in state.messages {
                let rest = messages.filter { !state.hasEnded($0, name, at: now) }
                state.messages[name] = rest.isEmpty ? nil : rest
            }
        }
    }

    package var contacts: [String: ContactChange] { state.withLock { $0.contacts } }
    package var chats: [String: ChatChange] { state.withLock { $0.chats } }

    /// Every commit fails from now on; nil ends that.
    package func fail(with error: StoreError?) {
        state.withLock { $0.error = error }
    }
}

extension MemoryStore.State {
    fileprivate func hasEnded(_ message: StoredMessage, _ name: String, at now: Date) -> Bool {
        guard let end = message.expiresAt, end <= now else { return false }
        return marks[name]?.isKept != true
    }

    private mutating func mark(_ mark: MessageMark) {
        let name = "\(mark.chat)|\(mark.id)"
        for (index, message) in (messages[name] ?? []).enumerated() {
            guard mark.isFromMe.map({ $0 == message.isFromMe }) ?? true else { continue }
            if marks[name]?.absorb(mark) == nil { marks[name] = mark }
            messages[name]?[index].expiresAt = mark.expiresAt ?? message.expiresAt
        }
    }

    private mutating func remove(_ removal: MessageRemoval) {
        for (name, known) in messages {
            let isStarred = marks[name]?.isStarred ?? false
            let rest = known.filter { !removal.covers($0, isStarred: isStarred) }
            messages[name] = rest.isEmpty ? nil : rest
        }
    }

    fileprivate mutating func apply(_ batch: StoreBatch) -> CommitReceipt {
        if let new = batch.credentials { credentials = new }
        if !batch.deletedPrefixes.isEmpty || !batch.deletedEndings.isEmpty {
            records = records.filter { !batch.deletes($0.key) }
        }
        for (key, change) in batch.records {
            switch change {
            case .put(let value, let expires): records[key] = (value, expires)
            case .delete: records[key] = nil
            }
        }
        var receipt = CommitReceipt()
        for (index, message) in batch.messages.enumerated() {
            let name = "\(message.chat)|\(message.id)"
            let known = messages[name]?.firstIndex { $0.sender == message.sender }
            if let known, messages[name]?[known].isPlaceholder == true, !message.isPlaceholder {
                messages[name]?[known] = message
            } else if known != nil {
                receipt.duplicates.insert(index)
            } else {
                messages[name, default: []].append(message)
            }
        }
        for change in batch.statuses {
            let name = "\(change.chat)|\(change.id)"
            for (index, message) in (messages[name] ?? []).enumerated() {
                guard change.status > message.status || change.status == .failed else { continue }
                messages[name]?[index].status = change.status
                messages[name]?[index].error = change.error ?? message.error
            }
        }
        for change in batch.marks { mark(change) }
        for removal in batch.removals { remove(removal) }
        for contact in batch.contacts {
            var known = contacts[contact.jid] ?? ContactChange(jid: contact.jid)
            if contact.isRemoved { (known.fullName, known.firstName) = (nil, nil) }
            known.fullName = contact.fullName ?? known.fullName
            known.firstName = contact.firstName ?? known.firstName
            known.pushName = contact.pushName ?? known.pushName
            known.businessName = contact.businessName ?? known.businessName
            known.about = contact.about ?? known.about
            known.lid = contact.lid ?? known.lid
            known.phone = contact.phone ?? known.phone
            contacts[contact.jid] = known
        }
        for chat in batch.chats {
            if chat.isDeleted {
                chats[chat.jid] = nil
                continue
            }
            var known = chats[chat.jid] ?? ChatChange(jid: chat.jid)
            known.name = chat.name ?? known.name
            known.isArchived = chat.isArchived ?? known.isArchived
            known.isPinned = chat.isPinned ?? known.isPinned
            known.mutedUntil = chat.mutedUntil ?? known.mutedUntil
            known.unreadCount = chat.unreadCount ?? known.unreadCount
            known.isMarkedUnread = chat.isMarkedUnread ?? known.isMarkedUnread
            known.ephemeralExpiration = chat.ephemeralExpiration ?? known.ephemeralExpiration
            known.lastMessageAt = chat.lastMessageAt ?? known.lastMessageAt
            chats[chat.jid] = known
        }
        return receipt
    }
}
