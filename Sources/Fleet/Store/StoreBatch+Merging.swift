import WhatsApp

extension StoreBatch {
    /// Adds a later batch of the same session, so that both become one with the same result.
    ///
    /// Messages and statuses follow each other as they are; who writes them looks for doubles.
    mutating func absorb(_ later: StoreBatch) {
        if let credentials = later.credentials { self.credentials = credentials }
        if !later.deletedPrefixes.isEmpty || !later.deletedEndings.isEmpty {
            records = records.filter { !later.deletes($0.key) }
            deletedPrefixes += later.deletedPrefixes
            deletedEndings += later.deletedEndings
        }
        records.merge(later.records) { _, new in new }
        messages += later.messages
        contacts += later.contacts
        chats += later.chats
        statuses += later.statuses
        marks += later.marks
        removals += later.removals
    }

    /// About how many bytes it brings to the database.
    var size: Int {
        var size = 64
        for (key, change) in records {
            size += 64 + key.name.utf8.count
            if case .put(let value, _) = change { size += value.count }
        }
        for message in messages { size += 256 + message.content.count }
        let changes = statuses.count + deletedPrefixes.count + deletedEndings.count + marks.count + removals.count
        size += 128 * (contacts.count + chats.count + changes)
        if credentials != nil { size += 1_024 }
        return size
    }
}

extension [ContactChange] {
    /// One change a contact, later ones over earlier ones.
    var merged: [ContactChange] {
        guard count > 1 else { return self }
        var places: [String: Int] = [:]
        var result: [ContactChange] = []
        for change in self {
            guard let place = places[change.jid] else {
                places[change.jid] = result.count
                result.append(change)
                continue
            }
            result[place].absorb(change)
        }
        return result
    }
}

extension ContactChange {
    fileprivate mutating func absorb(_ later: ContactChange) {
        if later.isRemoved { (fullName, firstName, isRemoved) = (nil, nil, true) }
        fullName = later.fullName ?? fullName
        firstName = later.firstName ?? firstName
        pushName = later.pushName ?? pushName
        businessName = later.businessName ?? businessName
        about = later.about ?? about
        lid = later.lid ?? lid
        phone = later.phone ?? phone
    }
}

/// What becomes of one chat: gone first, if it was deleted, then set.
struct MergedChats {
    private(set) var deleted: [String] = []
    private(set) var changed: [ChatChange] = []

    init(_ changes: [ChatChange]) {
        var places: [String: Int] = [:]
        var isDeleted: Set<String> = []
        for change in changes {
            if change.isDeleted {
                if isDeleted.insert(change.jid).inserted { deleted.append(change.jid) }
                if let place = places[change.jid] { changed[place] = ChatChange(jid: change.jid) }
            } else if let place = places[change.jid] {
                changed[place].absorb(change)
            } else {
                places[change.jid] = changed.count
                changed.append(change)
            }
        }
        changed.removeAll { $0 == ChatChange(jid: $0.jid) && isDeleted.contains($0.jid) }
    }
}

extension ChatChange {
    fileprivate mutating func absorb(_ later: ChatChange) {
        name = later.name ?? name
        isArchived = later.isArchived ?? isArchived
        isPinned = later.isPinned ?? isPinned
        mutedUntil = later.mutedUntil ?? mutedUntil
        unreadCount = later.unreadCount ?? unreadCount
        isMarkedUnread = later.isMarkedUnread ?? isMarkedUnread
        ephemeralExpiration = later.ephemeralExpiration ?? ephemeralExpiration
        lastMessageAt = later.lastMessageAt ?? lastMessageAt
    }
}

/// What several status changes of one message come to.
///
/// A status rises, but for `failed`, which is set over any other.
struct MergedStatus: Equatable {
    private(set) var status: MessageStatus
    /// Set whatever was there; else the greater of the two counts.
    private(set) var replaces: Bool
    private(set) var error: Int?

    init(_ change: MessageStatusChange) {
        status = change.status
        replaces = change.status == .failed
        error = change.error
    }

    mutating func absorb(_ later: MessageStatusChange) {
        if later.status == .failed {
            (status, replaces) = (.failed, true)
        } else {
            status = max(status, later.status)
        }
        error = later.error ?? error
    }
}
