internal import Foundation
internal import WhatsAppWire

/// A part of a history in the form in which a session keeps it; small enough for one commit.
struct HistoryPiece: Sendable, Equatable {
    struct Secret: Sendable, Equatable {
        var chat: JID
        var author: JID
        var id: String
        var secret: [UInt8]
    }

    struct Mapping: Sendable, Hashable {
        var lid: JID
        var phone: JID
    }

    /// A trusted-contact token that somebody has given the account.
    struct Token: Sendable, Equatable {
        var user: JID
        /// Empty where there is only the time of our own.
        var token: [UInt8]
        /// Seconds since 1970, as the giver dated it.
        var timestamp: UInt64
        /// Seconds since 1970 of the account's own last gift; 0 for never.
        var issuedAt: UInt64
    }

    var messages: [StoredMessage] = []
    var contacts: [ContactChange] = []
    var chats: [ChatChange] = []
    var secrets: [Secret] = []
    var mappings: [Mapping] = []
    var tokens: [Token] = []
    /// The salt for chats with numbers that are no contacts.
    var contactTokenSalt: [UInt8]?
    /// What the service wants to see when the blob is deleted.
    var metaNonce: String?
    /// The phone says that chats with people go by LID.
    var isLIDMigrated = false
    /// Things that could not be read and were left out.
    var unreadable = 0

    /// What one commit takes.
    static let itemLimit = 500
    static let byteLimit = 1 << 20

    private(set) var bytes = 0

    var isFull: Bool {
        messages.count + contacts.count + chats.count + mappings.count + tokens.count >= Self.itemLimit
            || bytes >= Self.byteLimit
    }

    var isEmpty: Bool { self == HistoryPiece() }

    mutating func append(_ message: StoredMessage) {
        messages.append(message)
        bytes += message.content.count + 200
    }
}
