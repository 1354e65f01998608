package import Foundation
package import WhatsAppWire

/// A part of a history in the form in which a session keeps it; small enough for one commit.
package struct HistoryPiece: Sendable, Equatable {
    package struct Secret: Sendable, Equatable {
        package var chat: JID
        package var author: JID
        package var id: String
        package var secret: [UInt8]
    }

    package struct Mapping: Sendable, Hashable {
        package var lid: JID
        package var phone: JID
    }

    /// A trusted-contact token that somebody has given the account.
    package struct Token: Sendable, Equatable {
        package var user: JID
        /// Empty where there is only the time of our own.
        package var token: [UInt8]
        /// Seconds since 1970, as the giver dated it.
        package var timestamp: UInt64
        /// Seconds since 1970 of the account's own last gift; 0 for never.
        package var issuedAt: UInt64
    }

    /// After how long a chat's messages disappear.
    package struct Timer: Sendable, Equatable {
        package var chat: JID
        package var seconds: UInt32
        package var setAt: Date?
    }

    package var messages: [StoredMessage] = []
    package var contacts: [ContactChange] = []
    package var chats: [ChatChange] = []
    package var secrets: [Secret] = []
    package var mappings: [Mapping] = []
    package var tokens: [Token] = []
    package var timers: [Timer] = []
    package var marks: [MessageMark] = []
    /// The salt for chats with numbers that are no contacts.
    package var contactTokenSalt: [UInt8]?
    /// What the service wants to see when the blob is deleted.
    package var metaNonce: String?
    /// The phone says that chats with people go by LID.
    package var isLIDMigrated = false
    /// Things that could not be read and were left out.
    package var unreadable = 0

    /// What one commit takes.
    static let itemLimit = 500
    static let byteLimit = 1 << 20

    package private(set) var bytes = 0

    package init() {}

    var isFull: Bool {
        messages.count + contacts.count + chats.count + mappings.count + tokens.count + timers.count >= Self.itemLimit
            || bytes >= Self.byteLimit
    }

    var isEmpty: Bool { self == HistoryPiece() }

    mutating func append(_ message: StoredMessage) {
        messages.append(message)
        bytes += message.content.count + 200
    }
}
