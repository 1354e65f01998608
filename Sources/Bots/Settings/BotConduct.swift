package import Foundation

/// How a bot answers, everything considered: settings, environment, standards.
package struct BotConduct: Sendable, Equatable {
    package static let standardPrefixes = ["!"]
    package static let commandsPerMinute = 10
    package static let warnLimit = 3

    package var name = "Wharf"
    package var ownerName: String?
    package var prefixes = Self.standardPrefixes
    package var mode = BotMode.public
    /// Digits of numbers.
    package var owners: [String] = []
    package var admins: [String] = []
    package var language = BotLanguage.english
    package var timeZone = TimeZone.gmt
    package var warnLimit = Self.warnLimit
    package var commandsPerMinute = Self.commandsPerMinute
    package var flags: Flags = []
    /// What was set of everything else.
    package var settings = ConductSettings()

    /// Habits that are on or off.
    package struct Flags: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        package static let readsMessages = Flags(rawValue: 1 << 0)
        package static let showsOnline = Flags(rawValue: 1 << 1)
        package static let rejectsCalls = Flags(rawValue: 1 << 2)
        package static let viewsStatuses = Flags(rawValue: 1 << 3)
        package static let savesStatuses = Flags(rawValue: 1 << 4)
        package static let keepsDeleted = Flags(rawValue: 1 << 5)
    }

    package init() {}

    /// Puts together what the bot's row, its variables and its settings say; a setting wins over a variable.
    package init(bot: Bot, environment: [String: String], settings: ConductSettings) {
        self.settings = settings
        name = Self.text(environment["BOT_NAME"]) ?? bot.name
        ownerName = Self.text(environment["OWNER_NAME"])
        prefixes = settings.prefixes ?? [bot.prefix]
        let isPrivate = bot.settings.isPrivate ? BotMode.private : nil
        mode = settings.mode ?? environment["MODE"].flatMap { BotMode(rawValue: $0) } ?? isPrivate ?? .public
        owners = ([environment["OWNER_NUMBER"]].compactMap { $0?.filter(\.isNumber) } + (settings.owners ?? []))
            .filter { !$0.isEmpty }
        admins = settings.admins ?? []
        language = settings.language ?? environment["LANGUAGE"].flatMap { BotLanguage(rawValue: $0) } ?? .english
        timeZone = (settings.timeZone ?? environment["TIME_ZONE"]).flatMap { TimeZone(identifier: $0) } ?? .gmt
        warnLimit = settings.warnLimit ?? environment["WARN_LIMIT"].flatMap { Int($0) } ?? Self.warnLimit
        commandsPerMinute =
            settings.commandsPerMinute ?? environment["COMMANDS_PER_MINUTE"].flatMap { Int($0) }
            ?? Self.commandsPerMinute
        set(.readsMessages, settings.readsMessages, environment["AUTO_READ"], bot.settings.readsMessages)
        set(.showsOnline, settings.showsOnline, environment["ALWAYS_ONLINE"], bot.settings.showsOnline)
        set(.rejectsCalls, settings.rejectsCalls, environment["ANTI_CALL"], bot.settings.rejectsCalls)
        set(.viewsStatuses, settings.viewsStatuses, environment["AUTO_STATUS_VIEW"], bot.settings.viewsStatuses)
        set(.savesStatuses, settings.savesStatuses, nil, false)
        set(.keepsDeleted, settings.keepsDeleted, environment["ANTI_DELETE"], false)
    }

    private mutating func set(_ flag: Flags, _ setting: Bool?, _ variable: String?, _ row: Bool) {
        if setting ?? variable.map({ $0 == "true" }) ?? row { flags.insert(flag) }
    }

    private static func text(_ value: String?) -> String? {
        guard let value, !value.isEmpty else { return nil }
        return value
    }

    // MARK: Questions

    package func isOwner(_ person: Person) -> Bool {
        person.number.map { owners.contains($0) } ?? false
    }

    package func isAdmin(_ person: Person) -> Bool {
        isOwner(person) || (person.number.map { admins.contains($0) } ?? false)
    }

    /// Whether a command may be used in a chat with these settings, whoever asks.
    package func offers(_ declaration: CommandDeclaration, in chat: ChatSettings?) -> Bool {
        // What a chat says of one command wins, then what the bot says of one, then of its category.
        if let chat {
            if chat.disabledCommands?.contains(declaration.name) == true { return false }
            if chat.enabledCommands?.contains(declaration.name) == true { return true }
            if chat.disabledCategories?.contains(declaration.category) == true { return false }
        }
        if settings.disabledCommands?.contains(declaration.name) == true { return false }
        if settings.enabledCommands?.contains(declaration.name) == true { return true }
        if settings.disabledCategories?.contains(declaration.category) == true { return false }
        return declaration.isOffered
    }

    /// What is set of a command, or its standard.
    package func setting(_ name: String, of declaration: CommandDeclaration) -> String? {
        if let value = settings.commandSettings?[declaration.name]?[name] { return value }
        return declaration.settings.first { $0.name == name }?.standard.text(language)
    }
}
