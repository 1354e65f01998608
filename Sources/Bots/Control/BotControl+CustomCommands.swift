import Fleet

extension BotControl {
    private var secrets: WebhookSecrets { WebhookSecrets(database: database, vault: hosting.vault) }

    /// The bot's own commands, by name; for its owner alone, because addresses may hold keys.
    package func customCommands(of id: BotID, for caller: BotCaller) async throws -> [CustomCommand] {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        return try await automation.commands(of: id)
    }

    /// Throws ``AutomationError/unknown`` for a command that there is not.
    package func customCommand(_ name: String, of id: BotID, for caller: BotCaller) async throws -> CustomCommand {
        guard let found = try await customCommands(of: id, for: caller).first(where: { $0.name == name }) else {
            throw AutomationError.unknown
        }
        return found
    }

    /// Makes a command or replaces the one of that name; gives the secret of a webhook that had none, shown this once.
    @discardableResult
    package func save(_ command: CustomCommand, of id: BotID, by caller: BotCaller) async throws -> String? {
        let bot = try await hosting.find(id, for: caller, atLeast: .own)
        try command.check(against: registry)
        try await requireFile(command.file, of: id)
        try await automation.save(command, of: id, at: now)
        var secret: String?
        if command.content.webhook != nil, try await automation.secret(of: command.name, of: id) == nil {
            secret = try await secrets.renew(command.name, of: id, session: bot.session)
        }
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.commandSet, command.name), of: id, by: caller)
        return secret
    }

    /// Throws ``AutomationError/unknown`` for a command that there is not.
    package func deleteCommand(_ name: String, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        guard try await automation.deleteCommand(name, of: id) else { throw AutomationError.unknown }
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.commandRemoved, String(name.prefix(24))), of: id, by: caller)
    }

    /// What a command would say to somebody called Ada who writes `text` behind it.
    ///
    /// No address is asked: `response` stands in for what it would answer. Empty for a command that is another program's.
    package func preview(
        _ command: CustomCommand,
        text: String,
        response: String? = nil,
        of id: BotID,
        for caller: BotCaller
    ) async throws -> String {
        let bot = try await hosting.find(id, for: caller, atLeast: .own)
        try command.check(against: registry)
        guard command.content.webhook == nil else { return "" }
        let conduct = try await effectiveConduct(of: bot)
        var values = sample(text.trimmed, conduct)
        values.response = response.map { Array($0.utf8.prefix(65_536)) }
        return command.text(values, conduct.language)
    }

    /// Gives a webhook command a new secret, which is shown this once.
    package func renewSecret(of name: String, of id: BotID, by caller: BotCaller) async throws -> String {
        let bot = try await hosting.find(id, for: caller, atLeast: .own)
        guard let secret = try await secrets.renew(name, of: id, session: bot.session) else {
            throw AutomationError.unknown
        }
        try await note(HistoryDetail(.secretMade, String(name.prefix(24))), of: id, by: caller)
        return secret
    }
}
