package import Foundation

/// Whom a bot answers.
package enum BotMode: String, Sendable, CaseIterable, Codable {
    /// Everybody.
    case `public`
    /// Its owners and administrators alone.
    case `private`
    /// In groups alone.
    case groups
    /// In private chats alone.
    case inbox
}

/// What a bot shows while it works on an answer.
package enum AutoTyping: String, Sendable, CaseIterable, Codable {
    case off
    case typing
    case recording
}

/// How a bot answers, as its owner has set it; nil where nothing was set, so that the environment or the standard holds.
package struct ConductSettings: Sendable, Equatable, Codable {
    /// Nil for the bot's own prefix; empty for commands without any.
    package var prefixes: [String]?
    package var mode: BotMode?
    /// Digits of numbers, besides `OWNER_NUMBER` and the account itself.
    package var owners: [String]?
    /// Digits of numbers of those who may use commands for the bot's administrators.
    package var admins: [String]?
    package var language: BotLanguage?
    package var timeZone: String?
    package var disabledCommands: Set<String>?
    package var disabledCategories: Set<CommandCategory>?
    /// Commands that are not offered unless somebody wants them.
    package var enabledCommands: Set<String>?
    /// By command and setting.
    package var commandSettings: [String: [String: String]]?

    package var readsMessages: Bool?
    package var autoTyping: AutoTyping?
    /// Emojis of which one is put on each message; empty for none.
    package var autoReact: [String]?
    package var showsOnline: Bool?
    package var rejectsCalls: Bool?
    /// Sent to who has called.
    package var callAnswer: String?
    package var viewsStatuses: Bool?
    package var reactsToStatuses: String?
    package var savesStatuses: Bool?
    package var keepsDeleted: Bool?

    package var warnLimit: Int?
    package var commandsPerMinute: Int?
    /// Texts for groups that have none of their own.
    package var welcome: String?
    package var goodbye: String?

    package init() {}
}

/// How a bot behaves in one chat; nil where the bot's own settings hold.
package struct ChatSettings: Sendable, Equatable, Codable {
    /// It answers no commands here.
    package var isSilent: Bool?
    package var prefixes: [String]?
    package var disabledCommands: Set<String>?
    package var disabledCategories: Set<CommandCategory>?
    package var enabledCommands: Set<String>?
    /// Only administrators of the group may use commands.
    package var isForAdmins: Bool?

    package var links: LinkRule?
    package var flood: FloodRule?
    package var words: WordRule?
    package var bots: ModerationAction?
    package var keepsDeleted: Bool?
    /// Seconds that must pass between two messages of one member.
    package var slowMode: Int?
    package var welcome: String?
    package var goodbye: String?
    package var isWelcoming: Bool?
    package var isSayingGoodbye: Bool?
    package var warnLimit: Int?
    package var warnAction: ModerationAction?
    package var hours: OpeningHours?
    /// The AI answers here without a command.
    package var isTalking: Bool?
    /// Since when it is counted who writes, so that silent members can be found.
    package var countsSince: Date?

    package init() {}

    /// Whether every message of the chat must be looked at.
    var isModerated: Bool {
        links != nil || flood != nil || words != nil || bots != nil || slowMode != nil
    }
}

/// What is done about a message that must not be.
package enum ModerationAction: String, Sendable, CaseIterable, Codable {
    case delete
    case warn
    case kick

    /// As answers name it; English has the words that commands take.
    var word: Phrase {
        switch self {
        case .delete: Phrase(en: "delete", id: "hapus")
        case .warn: Phrase(en: "warn", id: "peringatkan")
        case .kick: Phrase(en: "kick", id: "keluarkan")
        }
    }
}

/// Links are not welcome.
package struct LinkRule: Sendable, Equatable, Codable {
    package var action: ModerationAction
    /// Hosts that may be linked to, each with all below it.
    package var allowed: [String]

    package init(action: ModerationAction, allowed: [String] = []) {
        self.action = action
        self.allowed = allowed
    }
}

/// So many messages of one member within so many seconds are too many.
package struct FloodRule: Sendable, Equatable, Codable {
    package var action: ModerationAction
    package var messages: Int
    package var seconds: Int

    package init(action: ModerationAction, messages: Int = 6, seconds: Int = 8) {
        self.action = action
        self.messages = messages
        self.seconds = seconds
    }
}

/// Words that must not be said.
package struct WordRule: Sendable, Equatable, Codable {
    package var action: ModerationAction
    /// In lower case.
    package var words: [String]

    package init(action: ModerationAction, words: [String] = []) {
        self.action = action
        self.words = words
    }
}

/// When a group is opened and closed, in minutes since midnight of the bot's time zone.
package struct OpeningHours: Sendable, Equatable, Codable {
    package var opens: Int?
    package var closes: Int?

    package init(opens: Int? = nil, closes: Int? = nil) {
        self.opens = opens
        self.closes = closes
    }
}
