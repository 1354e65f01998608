/// Something that a bot does when it is told to by name.
///
/// One small type in one file: what it is called, who may use it and what it takes stand in its declaration, from which
/// help, validation, the panel's switches and the page of the manual are made. It joins the bots by standing in the list
/// of its category.
package protocol Command: Sendable {
    var declaration: CommandDeclaration { get }

    /// Does it, and answers by the context.
    ///
    /// A ``CommandRefusal`` is told to whoever asked, any other error is logged and answered with a general sentence.
    /// Cancelled when the declaration's time is over.
    func run(_ context: CommandContext) async throws
}

/// Everything about a command that is known before it runs.
package struct CommandDeclaration: Sendable {
    /// Lower case, without blanks; unique among all names and aliases.
    package var name: String
    package var aliases: [String]
    package var category: CommandCategory
    /// One sentence.
    package var summary: Phrase
    package var arguments: [CommandArgument]
    package var permissions: CommandPermissions
    /// Time that must pass before the same person may use it again in the same chat.
    package var coolDown: Duration
    /// It is cancelled after that.
    package var timeLimit: Duration
    /// What of it can be set for each bot.
    package var settings: [CommandSetting]
    /// What it does must not be done twice when a message is told again after a crash.
    package var isDoneOnce: Bool
    /// Whether bots that have not decided otherwise offer it.
    package var isOffered: Bool

    package init(
        _ name: String,
        aliases: [String] = [],
        _ category: CommandCategory,
        _ summary: Phrase,
        arguments: [CommandArgument] = [],
        permissions: CommandPermissions = [],
        coolDown: Duration = .zero,
        timeLimit: Duration = .seconds(30),
        settings: [CommandSetting] = [],
        isDoneOnce: Bool = false,
        isOffered: Bool = true
    ) {
        self.name = name
        self.aliases = aliases
        self.category = category
        self.summary = summary
        self.arguments = arguments
        self.permissions = permissions
        self.coolDown = coolDown
        self.timeLimit = timeLimit
        self.settings = settings
        self.isDoneOnce = isDoneOnce
        self.isOffered = isOffered
    }

    /// The name and what follows it, such as `kick <member ...> [reason]`.
    package func usage(_ language: BotLanguage = .english) -> String {
        ([name] + arguments.map { $0.form(language) }).joined(separator: " ")
    }
}

/// Which menu a command stands in.
package enum CommandCategory: String, Sendable, CaseIterable, Codable {
    case general
    case group
    case media
    case downloads
    case tools
    case ai
    case status
    case owner
    case automation

    package var title: Phrase {
        switch self {
        case .general: Phrase(en: "General", id: "Umum")
        case .group: Phrase(en: "Group", id: "Grup")
        case .media: Phrase(en: "Media", id: "Media")
        case .downloads: Phrase(en: "Downloads", id: "Unduhan")
        case .tools: Phrase(en: "Tools", id: "Alat")
        case .ai: Phrase(en: "AI", id: "AI")
        case .status: Phrase(en: "Status", id: "Status")
        case .owner: Phrase(en: "Owner", id: "Pemilik")
        case .automation: Phrase(en: "Automation", id: "Otomatisasi")
        }
    }
}

/// Who may use a command, and where; all that is named must hold.
package struct CommandPermissions: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// One of the bot's owners.
    package static let owner = CommandPermissions(rawValue: 1 << 0)
    /// An owner, or somebody whom the owner has made an administrator of the bot.
    package static let botAdmin = CommandPermissions(rawValue: 1 << 1)
    /// An administrator of the group, or an owner; holds in private chats.
    package static let groupAdmin = CommandPermissions(rawValue: 1 << 2)
    package static let groupOnly = CommandPermissions(rawValue: 1 << 3)
    package static let privateOnly = CommandPermissions(rawValue: 1 << 4)
    /// The bot itself is an administrator of the group.
    package static let botIsAdmin = CommandPermissions(rawValue: 1 << 5)

    /// For help and the manual.
    package var words: [Phrase] {
        var words: [Phrase] = []
        if contains(.owner) { words.append(Phrase(en: "owner", id: "pemilik")) }
        if contains(.botAdmin) { words.append(Phrase(en: "bot admin", id: "admin bot")) }
        if contains(.groupAdmin) { words.append(Phrase(en: "group admin", id: "admin grup")) }
        if contains(.groupOnly) { words.append(Phrase(en: "groups only", id: "hanya grup")) }
        if contains(.privateOnly) { words.append(Phrase(en: "private only", id: "hanya chat pribadi")) }
        if contains(.botIsAdmin) { words.append(Phrase(en: "the bot must be admin", id: "bot harus admin")) }
        return words
    }
}

/// What of a command can be set for each bot, in the panel or by the API.
package struct CommandSetting: Sendable {
    package enum Kind: Sendable, Equatable {
        case text(limit: Int)
        case number(ClosedRange<Int>)
        case choice([String])
        case flag
    }

    package var name: String
    package var kind: Kind
    package var standard: Phrase
    package var help: Phrase

    package init(_ name: String, _ kind: Kind, standard: Phrase, help: Phrase) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.help = help
    }

    /// Whether it can hold that value.
    package func accepts(_ value: String) -> Bool {
        switch kind {
        case .text(let limit): value.count <= limit && value.utf8.count <= limit * 4
        case .number(let range): Int(value).map(range.contains) == true
        case .choice(let choices): choices.contains(value)
        case .flag: value == "true" || value == "false"
        }
    }
}

/// Why a command does not do what it was asked; the phrase is for whoever asked.
package struct CommandRefusal: Error, Equatable {
    package var phrase: Phrase

    package init(_ phrase: Phrase) {
        self.phrase = phrase
    }

    /// What was written after the name is not what the command takes.
    package static func usage(_ problem: Phrase, _ declaration: CommandDeclaration, prefix: String) -> CommandRefusal {
        CommandRefusal(
            Phrase(
                en: "\(problem)\nUsage: \(prefix)\(declaration.usage(.english))",
                id: "\(problem)\nCara pakai: \(prefix)\(declaration.usage(.indonesian))"
            )
        )
    }
}
