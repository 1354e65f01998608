import Fleet
package import Foundation

extension BotControl {
    private var automation: AutomationRepository { AutomationRepository(database: database) }
    private var schedules: ScheduleRepository { ScheduleRepository(database: database) }
    private var store: BotStore { services.store }

    private func read(_ id: BotID, _ caller: BotCaller) async throws -> Bot {
        try await hosting.find(id, for: caller, atLeast: .view)
    }

    private func write(_ id: BotID, _ caller: BotCaller) async throws -> Bot {
        try await hosting.find(id, for: caller, atLeast: .own)
    }

    // MARK: Presets

    /// Puts a preset's settings in the place of the bot's, and adds its rules.
    package func apply(_ preset: BotPreset, to id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        let known = Set(try await automation.rules(of: id).map(\.pattern))
        for rule in preset.rules where !known.contains(rule.pattern) {
            var rule = rule
            rule.id = UUID()
            try await automation.save(rule, of: id, at: now)
        }
        try await store.changeConduct(of: id) { $0 = preset.settings }
        try await note("commands: preset \(preset.id)", of: id, by: caller)
    }

    // MARK: Rules

    package func rules(of id: BotID, for caller: BotCaller) async throws -> [AutoReplyRule] {
        _ = try await read(id, caller)
        return try await automation.rules(of: id)
    }

    /// Makes a rule or replaces the one of that identifier.
    package func save(_ rule: AutoReplyRule, of id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        try rule.check()
        if let file = rule.file { try await requireFile(file, of: id) }
        try await automation.save(rule, of: id, at: now)
        try await store.live.refresh(id)
    }

    /// Throws ``AutomationError/unknown`` for a rule that there is not.
    package func deleteRule(_ rule: UUID, of id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        guard try await automation.deleteRule(rule, of: id) else { throw AutomationError.unknown }
        try await store.live.refresh(id)
    }

    /// Which of the bot's rules answers a text, and what it says; nil where none does.
    ///
    /// `draft` is tried among them.
    package func test(_ text: String, isGroup: Bool, draft: AutoReplyRule? = nil, of id: BotID, for caller: BotCaller)
        async throws -> (rule: AutoReplyRule, answer: String)?
    {
        let bot = try await read(id, caller)
        try draft?.check()
        var rules = try await automation.rules(of: id)
        if let draft {
            rules.removeAll { $0.id == draft.id }
            rules.append(draft)
        }
        guard let rule = RuleSet(rules).match(text, isGroup: isGroup) else { return nil }
        return (rule, preview(rule.answer, text: text, bot: bot))
    }

    // MARK: Custom commands

    package func customCommands(of id: BotID, for caller: BotCaller) async throws -> [CustomCommand] {
        _ = try await read(id, caller)
        return try await automation.commands(of: id)
    }

    /// Makes a command or replaces the one of that name.
    package func save(_ command: CustomCommand, of id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        try command.check(against: services.registry)
        if let file = command.file { try await requireFile(file, of: id) }
        try await automation.save(command, of: id, at: now)
        try await store.live.refresh(id)
    }

    package func deleteCommand(_ name: String, of id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        guard try await automation.deleteCommand(name, of: id) else { throw AutomationError.unknown }
        try await store.live.refresh(id)
    }

    /// What a command would say to somebody called Ada, without asking any address.
    package func preview(_ content: CustomContent, text: String, of id: BotID, for caller: BotCaller) async throws
        -> String
    {
        let bot = try await read(id, caller)
        try content.check(hasFile: true)
        var answer = preview(content.text, text: text, bot: bot)
        if let menu = content.menu {
            answer += "\n\n" + menu.enumerated().map { "\($0 + 1). \($1.title)" }.joined(separator: "\n")
        }
        return answer
    }

    /// Gives a webhook command a new secret, which is shown this once.
    package func renewSecret(of name: String, of id: BotID, by caller: BotCaller) async throws -> String {
        let bot = try await write(id, caller)
        var random = SystemRandomNumberGenerator()
        let secret = (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let sealed = try await hosting.vault.seal(of: bot.session).seal(secret, name: WebhookRun.secretName(name))
        guard try await automation.setSecret(sealed, of: name, of: id) else { throw AutomationError.unknown }
        return secret
    }

    private func preview(_ template: String, text: String, bot: Bot) -> String {
        var values = TemplateValues()
        values.name = "Ada"
        values.mention = "@15550001111"
        values.number = "15550001111"
        values.group = "Friends"
        values.members = "12"
        values.bot = bot.name
        values.prefix = bot.prefix
        values.now = now
        values.text = text
        values.words = text.split(whereSeparator: \.isWhitespace).prefix(9).map(String.init)
        return values.fill(template)
    }

    // MARK: Files

    /// Keeps a file for rules and commands; what nothing refers to goes after a day.
    package func add(_ file: BotFile, to id: BotID, by caller: BotCaller) async throws -> UUID {
        _ = try await write(id, caller)
        guard (1...BotFile.limit).contains(file.bytes.count) else { throw AutomationError.invalid("content") }
        guard (3...100).contains(file.mimeType.count), file.mimeType.contains("/") else {
            throw AutomationError.invalid("mime_type")
        }
        guard (1...200).contains(file.name.count), BotText.isOneLine(file.name) else {
            throw AutomationError.invalid("name")
        }
        try await automation.sweepFiles(of: id, before: now.addingTimeInterval(-86_400))
        try await automation.save(file, of: id, at: now)
        return file.id
    }

    package func file(_ file: UUID, of id: BotID, for caller: BotCaller) async throws -> BotFile {
        _ = try await read(id, caller)
        guard let found = try await automation.file(file, of: id) else { throw AutomationError.unknown }
        return found
    }

    private func requireFile(_ file: UUID, of id: BotID) async throws {
        guard try await automation.file(file, of: id) != nil else { throw AutomationError.invalid("file") }
    }

    // MARK: Scheduled messages

    package func scheduledMessages(of id: BotID, for caller: BotCaller) async throws -> [ScheduledMessage] {
        _ = try await read(id, caller)
        return try await schedules.list(id)
    }

    /// Plans a message; as it stands then, with the time at which it is due first.
    package func schedule(_ message: ScheduledMessage, of id: BotID, by caller: BotCaller) async throws
        -> ScheduledMessage
    {
        _ = try await write(id, caller)
        return try await store.schedule(message, of: id)
    }

    package func deleteScheduledMessage(_ message: UUID, of id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        guard try await schedules.delete(message, of: id) else { throw AutomationError.unknown }
    }

    package func setScheduledMessage(_ message: UUID, isOn: Bool, of id: BotID, by caller: BotCaller) async throws {
        _ = try await write(id, caller)
        guard try await schedules.set(message, isOn: isOn, of: id) else { throw AutomationError.unknown }
    }
}

extension BotStore {
    /// Plans a message for a bot, also by a command; throws ``AutomationError``.
    package func schedule(_ message: ScheduledMessage, of bot: BotID) async throws -> ScheduledMessage {
        var message = message
        let now = time.date()
        try message.check(at: now)
        try await ScheduleRepository(database: database).insert(message, of: bot, at: now)
        return message
    }
}
