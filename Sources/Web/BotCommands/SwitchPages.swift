internal import Accounts
internal import Bots
internal import Hummingbird

/// What `/bots/ID/commands` shows.
struct SwitchPage: CommandPage {
    struct Category: Sendable {
        let categoryName: String
        let categoryTitle: String
        let categoryIsOn: Bool
        let categoryCount: String
        let categoryCommands: [Entry]
    }

    struct Entry: Sendable {
        let commandName: String
        let commandSummary: String
        let commandUsage: String
        let commandIsOn: Bool
        let commandAliases: String?
        let commandWho: String?
        let commandCoolDown: String?
        let commandArguments: [Argument]
        let commandHasSettings: Bool
        let commandLines: [FormLine]
        let commandIsOpen: Bool
        /// What the search looks in.
        let commandWords: String
    }

    struct Argument: Sendable {
        let argumentForm: String
        let argumentHelp: String
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let search: String?
    let categories: [Category]
    let hasFound: Bool
}

/// `/bots/ID/commands`: all commands, searched and switched.
struct SwitchPages: Sendable {
    let desk: CommandDesk

    var routes: [Route] {
        [
            .get("/bots/{id}/commands", .signedIn) { request, context in try await show(request, context) },
            desk.form("commands") { id, caller, form in
                try await save(id, caller, form)
            } again: { request, context, error in
                try await show(request, context, error)
            },
            desk.form("commands/settings") { id, caller, form in
                try await saveSettings(id, caller, form)
            } again: { request, context, error in
                try await show(request, context, error)
            },
        ]
    }

    private func show(_ request: Request, _ context: WebContext, _ error: (any UserFacingError)? = nil) async throws
        -> Response
    {
        let visit = try await desk.visit(.commands, request, context, error: error)
        let switches = try await desk.control.switches(of: visit.id, for: visit.caller)
        let search = request.uri.queryParameters["q"].map { String($0).trimmed.prefix(60) }.map(String.init)
        let word = search?.lowercased() ?? ""
        let categories = switches.categories.compactMap { Self.category($0, word, switches.language, visit) }
        let page = SwitchPage(
            title: visit.title(.commands),
            frame: visit.frame,
            search: word.isEmpty ? nil : search,
            categories: categories,
            hasFound: !categories.isEmpty
        )
        return try await desk.response(page, of: .botCommands, visit, request, context)
    }

    /// Nil where nothing of it fits the search.
    private static func category(
        _ category: CommandSwitches.Category,
        _ word: String,
        _ language: BotLanguage,
        _ visit: CommandDesk.Visit
    ) -> SwitchPage.Category? {
        let entries = category.commands.map { entry($0, language, visit) }.filter {
            word.isEmpty || $0.commandWords.contains(word)
        }
        guard !entries.isEmpty else { return nil }
        return SwitchPage.Category(
            categoryName: category.category.rawValue,
            categoryTitle: visit.strings("commands.category.\(category.category.rawValue)"),
            categoryIsOn: category.isOn,
            categoryCount: visit.strings.counted("commands.count", category.commands.count),
            categoryCommands: entries
        )
    }

    private static func entry(_ entry: CommandSwitches.Entry, _ language: BotLanguage, _ visit: CommandDesk.Visit)
        -> SwitchPage.Entry
    {
        let command = entry.declaration
        let strings = visit.strings
        let words = { (phrase: Phrase) in phrase.text(BotLanguage(strings.language)) }
        let who = command.permissions.words.map(words)
        let isBack = visit.form?["command"] == command.name
        return SwitchPage.Entry(
            commandName: command.name,
            commandSummary: words(command.summary),
            commandUsage: command.usage(BotLanguage(strings.language)),
            commandIsOn: entry.isOn,
            commandAliases: command.aliases.isEmpty ? nil : command.aliases.joined(separator: ", "),
            commandWho: who.isEmpty ? nil : who.joined(separator: ", "),
            commandCoolDown: command.coolDown > .zero ? strings.wait(command.coolDown) : nil,
            commandArguments: command.arguments.map {
                SwitchPage.Argument(argumentForm: $0.form(BotLanguage(strings.language)), argumentHelp: words($0.help))
            },
            commandHasSettings: !command.settings.isEmpty,
            commandLines: command.settings.map { line($0, of: entry, isBack ? visit : nil, language, strings) },
            commandIsOpen: isBack,
            commandWords: ([command.name, words(command.summary)] + command.aliases).joined(separator: " ").lowercased()
        )
    }

    private static func line(
        _ setting: CommandSetting,
        of entry: CommandSwitches.Entry,
        _ back: CommandDesk.Visit?,
        _ language: BotLanguage,
        _ strings: Strings
    ) -> FormLine {
        let kept = entry.values[setting.name]
        let value = back.map { $0.form?["set-\(setting.name)"] } ?? kept
        let standard = setting.standard.text(language)
        let usual = strings("bots.env.standard", ["value": standard])
        let kind: FormLine.Kind =
            switch setting.kind {
            case .text(let limit): .text(type: "text", limit: limit)
            case .number(let range): .number(range)
            case .choice(let choices): .choice(Self.choices(choices, value, usual))
            case .flag: .choice(Self.choices(["true", "false"], value, usual))
            }
        return FormLine(
            "set-\(setting.name)",
            kind,
            id: "set-\(entry.declaration.name)-\(setting.name)",
            label: setting.help.text(BotLanguage(strings.language)),
            value: value,
            placeholder: standard,
            hint: nil,
            error: back?.error.flatMap { $0.field == setting.name ? strings.message(of: $0) : nil },
            isRequired: false
        )
    }

    private static func choices(_ values: [String], _ chosen: String?, _ usual: String) -> [Choice] {
        [Choice("", usual, isSelected: chosen == nil)] + values.map { Choice($0, $0, isSelected: $0 == chosen) }
    }

    /// The boxes of one category; what was not touched stays as it is.
    private func save(_ id: BotID, _ caller: BotCaller, _ form: FormFields) async throws -> String {
        let switches = try await desk.control.switches(of: id, for: caller)
        guard let category = switches.categories.first(where: { $0.category.rawValue == form["category"] }) else {
            throw RequestError.invalidField("category", message: "There is no such category.")
        }
        var change = SwitchChange()
        if form.isOn("on") != category.isOn { change.categories[category.category] = form.isOn("on") }
        let wanted = Set(form.all("command"))
        let shown = Set(form.all("shown"))
        for entry in category.commands {
            let name = entry.declaration.name
            guard shown.contains(name), wanted.contains(name) != entry.isOn else { continue }
            change.commands[name] = wanted.contains(name)
        }
        _ = try await desk.control.change(change, of: id, by: caller)
        return "commands"
    }

    private func saveSettings(_ id: BotID, _ caller: BotCaller, _ form: FormFields) async throws -> String {
        let switches = try await desk.control.switches(of: id, for: caller)
        let all = switches.categories.flatMap(\.commands).map(\.declaration)
        guard let command = all.first(where: { $0.name == form["command"] }) else {
            throw ConductError("command", .unknownCommand)
        }
        var values: [String: String?] = [:]
        for setting in command.settings { values[setting.name] = form["set-\(setting.name)"] }
        var change = SwitchChange()
        change.values[command.name] = values
        _ = try await desk.control.change(change, of: id, by: caller)
        return "commands#command-\(command.name)"
    }
}
