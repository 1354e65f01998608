/// Which commands a bot offers.
package struct CommandSwitches: Sendable {
    package struct Category: Sendable {
        package let category: CommandCategory
        package let isOn: Bool
        package let commands: [Entry]
    }

    package struct Entry: Sendable {
        package let declaration: CommandDeclaration
        package let isOn: Bool
        /// What is set of its settings.
        package let values: [String: String]
    }

    /// In the order of the menu, those alone that have commands.
    package let categories: [Category]
    /// The bot's, in which the standards of settings hold.
    package let language: BotLanguage

    init(_ registry: CommandRegistry, _ conduct: BotConduct) {
        let settings = conduct.settings
        language = conduct.language
        categories = CommandCategory.allCases.compactMap { category in
            let entries = registry.commands(in: category).map { command in
                Entry(
                    declaration: command.declaration,
                    isOn: conduct.offers(command.declaration, in: nil),
                    values: settings.commandSettings?[command.declaration.name] ?? [:]
                )
            }
            guard !entries.isEmpty else { return nil }
            let isOn = settings.disabledCategories?.contains(category) != true
            return Category(category: category, isOn: isOn, commands: entries)
        }
    }
}

/// What somebody wants to be different about a bot's commands.
package struct SwitchChange: Sendable {
    package var commands: [String: Bool] = [:]
    package var categories: [CommandCategory: Bool] = [:]
    /// By command and setting; nil for the standard.
    package var values: [String: [String: String?]] = [:]

    package init() {}
}

extension BotControl {
    /// The commands that the bot has, each on or off.
    package func switches(of id: BotID, for caller: BotCaller) async throws -> CommandSwitches {
        let bot = try await hosting.find(id, for: caller).bot
        return CommandSwitches(registry, try await effectiveConduct(of: bot))
    }

    /// Switches commands on and off, from the next message on.
    package func change(_ change: SwitchChange, of id: BotID, by caller: BotCaller) async throws -> CommandSwitches {
        let bot = try await hosting.find(id, for: caller, atLeast: .own)
        for (name, values) in change.values { try check(values, of: name) }
        if let stranger = change.commands.keys.sorted().first(where: { registry.named($0) == nil }) {
            throw ConductError(stranger, .unknownCommand)
        }
        try await services.store.changeConduct(of: id) { settings in
            for (category, isOn) in change.categories { settings.set(category, isOn: isOn) }
            for (name, isOn) in change.commands {
                if let command = registry.named(name) { settings.set(command, isOn: isOn) }
            }
            for (name, values) in change.values { settings.set(values, of: name) }
        }
        try await note(HistoryDetail(.switches, change.words), of: id, by: caller)
        return CommandSwitches(registry, try await effectiveConduct(of: bot))
    }

    private func check(_ values: [String: String?], of name: String) throws {
        guard let command = registry.named(name) else { throw ConductError(name, .unknownCommand) }
        for (setting, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let known = command.settings.first(where: { $0.name == setting }) else {
                throw ConductError(setting, .notOffered)
            }
            guard let value, !known.accepts(value) else { continue }
            switch known.kind {
            case .text(let limit): throw ConductError(setting, .tooLong(limit))
            case .number(let range): throw ConductError(setting, .outOfRange(range))
            case .choice, .flag: throw ConductError(setting, .notOffered)
            }
        }
    }
}

extension SwitchChange {
    /// For the history, such as `ping off`.
    fileprivate var words: String {
        let word = { (isOn: Bool) in isOn ? "on" : "off" }
        let parts =
            categories.map { "\($0.key.rawValue) \(word($0.value))" }.sorted()
            + commands.map { "\($0.key) \(word($0.value))" }.sorted()
            + values.keys.sorted().map { "\($0) set" }
        return parts.joined(separator: ", ")
    }
}

extension CommandRegistry {
    /// By name alone.
    fileprivate func named(_ name: String) -> CommandDeclaration? {
        guard let found = find(name)?.declaration, found.name == name else { return nil }
        return found
    }
}

extension ConductSettings {
    fileprivate mutating func set(_ category: CommandCategory, isOn: Bool) {
        var off = disabledCategories ?? []
        if isOn { off.remove(category) } else { off.insert(category) }
        disabledCategories = off.isEmpty ? nil : off
    }

    /// A command that is switched on by itself stays on when its category goes off, and the reverse.
    fileprivate mutating func set(_ command: CommandDeclaration, isOn: Bool) {
        var off = disabledCommands ?? []
        var on = enabledCommands ?? []
        off.remove(command.name)
        on.remove(command.name)
        let isOnAnyway = command.isOffered && disabledCategories?.contains(command.category) != true
        if isOn, !isOnAnyway { on.insert(command.name) }
        if !isOn, isOnAnyway { off.insert(command.name) }
        disabledCommands = off.isEmpty ? nil : off
        enabledCommands = on.isEmpty ? nil : on
    }

    fileprivate mutating func set(_ values: [String: String?], of command: String) {
        var all = commandSettings ?? [:]
        for (name, value) in values { all[command, default: [:]][name] = value }
        if all[command]?.isEmpty == true { all[command] = nil }
        commandSettings = all.isEmpty ? nil : all
    }
}
