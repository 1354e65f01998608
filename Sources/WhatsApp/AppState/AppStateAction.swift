package import Foundation
package import WhatsAppWire

/// A change that the devices of an account share, in its everyday kinds; both ways.
package enum AppStateAction: Sendable, Equatable {
    /// `distantFuture` for ever; nil ends it.
    case mute(chat: JID, until: Date?)
    case pin(chat: JID, Bool)
    /// Archiving also unpins.
    case archive(chat: JID, Bool, AppStateMessageRange)
    /// False marks the chat as unread.
    case markRead(chat: JID, Bool, AppStateMessageRange)
    case star(AppStateMessage, Bool)
    case deleteForMe(AppStateMessage, deletesMedia: Bool, sentAt: Date?)
    case clear(chat: JID, deletesStarred: Bool, deletesMedia: Bool, AppStateMessageRange)
    case delete(chat: JID, deletesMedia: Bool, AppStateMessageRange)
    case lock(chat: JID, Bool)
    case contact(AppStateContact)
    case removeContact(JID)
    case pushName(String)
    case locale(String)
    case label(AppStateLabel)
    case labelChat(label: String, chat: JID, Bool)
    case labelMessage(label: String, chat: JID, message: String, Bool)
    case quickReply(AppStateQuickReply)
    case muteStatus(of: JID, Bool)
    case linkPreviewsDisabled(Bool)
    /// Whether a new message takes a chat out of the archive.
    case unarchivesChats(Bool)
    /// The phone number behind a LID.
    case phone(JID, ofLID: JID)
    /// The salt for chats with numbers that are no contacts; nil clears it.
    case contactTokenSalt([UInt8]?)
}

extension AppStateAction {
    /// The chat and the time up to which its messages are meant; nil for what is not about messages.
    ///
    /// What was done to a chat that has gone on since, elsewhere, does not count any more.
    var reach: (chat: JID, until: Date)? {
        switch self {
        case .archive(let chat, true, let range), .markRead(let chat, true, let range),
            .clear(let chat, _, _, let range), .delete(let chat, _, let range):
            range.lastMessageAt.map { (chat, $0) }
        default: nil
        }
    }
}

/// A message as an action names it.
package struct AppStateMessage: Sendable, Equatable {
    package var chat: JID
    package var id: String
    package var isFromMe: Bool
    /// The author in a group, unless it is oneself.
    package var participant: JID?

    package init(chat: JID, id: String, isFromMe: Bool, participant: JID? = nil) {
        self.chat = chat
        self.id = id
        self.isFromMe = isFromMe
        self.participant = participant
    }
}

/// How far into a chat an action reaches: to its last message when the action was made.
package struct AppStateMessageRange: Sendable, Equatable {
    package var lastMessageAt: Date?
    package var lastSystemMessageAt: Date?
    /// The last message, or the unread ones; may be empty.
    package var messages: [Entry]

    package struct Entry: Sendable, Equatable {
        package var message: AppStateMessage
        package var timestamp: Date

        package init(message: AppStateMessage, timestamp: Date) {
            self.message = message
            self.timestamp = timestamp
        }
    }

    package init(lastMessageAt: Date? = nil, lastSystemMessageAt: Date? = nil, messages: [Entry] = []) {
        self.lastMessageAt = lastMessageAt
        self.lastSystemMessageAt = lastSystemMessageAt
        self.messages = messages
    }
}

/// An entry of the account's address book.
package struct AppStateContact: Sendable, Equatable {
    /// A phone number's JID, or a LID where the number is not known.
    package var jid: JID
    package var fullName: String?
    package var firstName: String?
    package var lid: JID?
    package var username: String?
    /// The phone saves it in its own address book too.
    package var isOnPhone: Bool

    package init(
        jid: JID,
        fullName: String?,
        firstName: String? = nil,
        lid: JID? = nil,
        username: String? = nil,
        isOnPhone: Bool = true
    ) {
        self.jid = jid
        self.fullName = fullName
        self.firstName = firstName
        self.lid = lid
        self.username = username
        self.isOnPhone = isOnPhone
    }
}

/// A label of a business account.
package struct AppStateLabel: Sendable, Equatable {
    package var id: String
    package var name: String
    /// From 0 to 19.
    package var color: Int
    package var isDeleted: Bool
    /// The number of a label that every account has.
    package var predefinedID: Int?
    package var position: Int?

    package init(
        id: String,
        name: String,
        color: Int = 0,
        isDeleted: Bool = false,
        predefinedID: Int? = nil,
        position: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.color = color
        self.isDeleted = isDeleted
        self.predefinedID = predefinedID
        self.position = position
    }
}

/// A text that a business account types by its shortcut.
package struct AppStateQuickReply: Sendable, Equatable {
    package var id: String
    package var shortcut: String
    package var message: String
    package var keywords: [String]
    package var count: Int
    package var isDeleted: Bool

    package init(
        id: String,
        shortcut: String,
        message: String,
        keywords: [String] = [],
        count: Int = 0,
        isDeleted: Bool = false
    ) {
        self.id = id
        self.shortcut = shortcut
        self.message = message
        self.keywords = keywords
        self.count = count
        self.isDeleted = isDeleted
    }
}
