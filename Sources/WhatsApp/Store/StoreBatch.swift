package import Foundation

/// What must become durable together: all of it or nothing.
package struct StoreBatch: Sendable {
    package enum RecordChange: Sendable, Equatable {
        case put([UInt8], expires: Date?)
        case delete
    }

    /// Nil where they have not changed.
    package var credentials: Credentials?
    package var records: [RecordKey: RecordChange] = [:]
    /// Records that go because their names start so; before `records` are written.
    package var deletedPrefixes: [RecordKey] = []
    /// The same for how their names end.
    package var deletedEndings: [RecordKey] = []
    /// Inserted; one that is there already stays as it is and is reported, but for a placeholder, which gives way.
    package var messages: [StoredMessage] = []
    package var contacts: [ContactChange] = []
    package var chats: [ChatChange] = []
    /// What became of messages that are there.
    package var statuses: [MessageStatusChange] = []
    /// What else has become of messages that are there, or come with this batch.
    package var marks: [MessageMark] = []
    /// Messages that go, after everything else is written.
    package var removals: [MessageRemoval] = []

    package init() {}

    package var isEmpty: Bool {
        credentials == nil && records.isEmpty && deletedPrefixes.isEmpty && deletedEndings.isEmpty
            && messages.isEmpty && contacts.isEmpty && chats.isEmpty && statuses.isEmpty && marks.isEmpty
            && removals.isEmpty
    }

    /// Whether a record that was there before goes because of its name.
    package func deletes(_ key: RecordKey) -> Bool {
        deletedPrefixes.contains { $0.kind == key.kind && key.name.hasPrefix($0.name) }
            || deletedEndings.contains { $0.kind == key.kind && key.name.hasSuffix($0.name) }
    }

    package mutating func put(_ kind: RecordKind, _ name: String, _ value: [UInt8], expires: Date? = nil) {
        records[RecordKey(kind, name)] = .put(value, expires: expires)
    }

    package mutating func delete(_ kind: RecordKind, _ name: String) {
        records[RecordKey(kind, name)] = .delete
    }
}

/// A message as it is kept: (chat, sender, id) names it.
package struct StoredMessage: Sendable, Equatable {
    /// The chat's bare JID as text, as on the wire.
    package var chat: String
    /// The author's bare JID as text.
    package var sender: String
    package var id: String
    package var isFromMe: Bool
    package var timestamp: Date
    /// A word of a closed set: `text`, `image`, `reaction`, ``placeholderKind`` ...
    package var kind: String
    package var pushName: String?
    /// Encoded Message; encrypted at rest.
    package var content: [UInt8]
    /// Came with the history and not as it was written.
    package var isHistory: Bool
    package var status: MessageStatus
    /// When it disappears, unless it is kept in the chat; nil for never.
    package var expiresAt: Date?
    /// The service's code where it has refused the message, only ever read.
    ///
    /// ``failure`` says what it means.
    package internal(set) var error: Int?

    /// The kind of a message that cannot be read here, at least not yet; it has no content.
    package static let placeholderKind = "unavailable"

    package var isPlaceholder: Bool { kind == Self.placeholderKind }

    package init(
        chat: String,
        sender: String,
        id: String,
        isFromMe: Bool,
        timestamp: Date,
        kind: String,
        pushName: String? = nil,
        content: [UInt8],
        isHistory: Bool = false,
        status: MessageStatus = .none,
        expiresAt: Date? = nil,
        error: Int? = nil
    ) {
        self.chat = chat
        self.sender = sender
        self.id = id
        self.isFromMe = isFromMe
        self.timestamp = timestamp
        self.kind = kind
        self.pushName = pushName
        self.content = content
        self.isHistory = isHistory
        self.status = status
        self.expiresAt = expiresAt
        self.error = error
    }
}

/// How far a message has come; only ever rises, but for `failed`.
package enum MessageStatus: Int16, Sendable, Comparable {
    case none = 0
    case failed = 1
    /// Encrypted and kept, not yet acknowledged by the service.
    case pending = 2
    case sent = 3
    case delivered = 4
    case read = 5
    case played = 6

    package static func < (left: MessageStatus, right: MessageStatus) -> Bool { left.rawValue < right.rawValue }
}

/// A message's status has risen.
package struct MessageStatusChange: Sendable, Equatable {
    package var chat: String
    package var id: String
    package var status: MessageStatus
    package var error: Int?

    package init(chat: String, id: String, status: MessageStatus, error: Int? = nil) {
        self.chat = chat
        self.id = id
        self.status = status
        self.error = error
    }
}

/// What has become known of somebody; nil leaves what was known.
package struct ContactChange: Sendable, Equatable {
    /// Bare JID as text.
    package var jid: String
    package var fullName: String?
    package var firstName: String?
    package var pushName: String?
    package var businessName: String?
    package var about: String?
    package var lid: String?
    package var phone: String?
    /// The contact has been removed from the address book; push name and the like stay.
    package var isRemoved = false

    package init(jid: String) {
        self.jid = jid
    }
}

/// What has become known of a chat; nil leaves what was known.
package struct ChatChange: Sendable, Equatable {
    /// Bare JID as text.
    package var jid: String
    package var name: String?
    package var isArchived: Bool?
    package var isPinned: Bool?
    /// `distantFuture` for ever, `distantPast` for not at all.
    package var mutedUntil: Date?
    package var unreadCount: Int?
    package var isMarkedUnread: Bool?
    /// Seconds; 0 for none.
    package var ephemeralExpiration: Int?
    package var lastMessageAt: Date?
    package var isDeleted = false

    package init(jid: String) {
        self.jid = jid
    }
}
