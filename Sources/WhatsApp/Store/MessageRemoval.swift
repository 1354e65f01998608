package import Foundation

/// What has become of a message that is there; nil leaves what was.
package struct MessageMark: Sendable, Hashable {
    package var chat: String
    package var id: String
    /// Nil where any author's is meant.
    package var isFromMe: Bool?
    package var isStarred: Bool?
    /// Whether somebody keeps it in the chat, so that it does not disappear.
    package var isKept: Bool?
    package var expiresAt: Date?

    package init(
        chat: String,
        id: String,
        isFromMe: Bool? = nil,
        isStarred: Bool? = nil,
        isKept: Bool? = nil,
        expiresAt: Date? = nil
    ) {
        self.chat = chat
        self.id = id
        self.isFromMe = isFromMe
        self.isStarred = isStarred
        self.isKept = isKept
        self.expiresAt = expiresAt
    }

    /// Takes over what a later mark of the same message says.
    package mutating func absorb(_ later: MessageMark) {
        isStarred = later.isStarred ?? isStarred
        isKept = later.isKept ?? isKept
        expiresAt = later.expiresAt ?? expiresAt
    }
}

/// Messages that somebody has deleted here.
package enum MessageRemoval: Sendable, Equatable {
    case message(chat: String, id: String, isFromMe: Bool)
    /// What was written in a chat before a time; what goes is hidden at once, and removed soon after.
    case chat(String, before: Date, keepsStarred: Bool)

    /// Whether a message goes with it.
    package func covers(_ message: StoredMessage, isStarred: Bool) -> Bool {
        switch self {
        case .message(let chat, let id, let isFromMe):
            message.chat == chat && message.id == id && message.isFromMe == isFromMe
        case .chat(let chat, let time, let keepsStarred):
            message.chat == chat && message.timestamp < time && !(keepsStarred && isStarred)
        }
    }
}
