import Fleet

extension BotControl {
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

    /// Makes a command or replaces the one of that name.
    package func save(_ command: CustomCommand, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        try command.check(against: registry)
        try await requireFile(command.file, of: id)
        try await automation.save(command, of: id, at: now)
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.commandSet, command.name), of: id, by: caller)
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
        var random = SystemRandomNumberGenerator()
        let secret = (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let sealed = try await hosting.vault.seal(of: bot.session).seal(secret, name: WebhookRun.secretName(name))
        guard try await automation.setSecret(sealed, of: name, of: id) else { throw AutomationError.unknown }
        try await note(HistoryDetail(.secretMade, String(name.prefix(24))), of: id, by: caller)
        return secret
    }
}
