package import Foundation

extension BotControl {
    var automation: AutomationRepository { AutomationRepository(database: database) }

    /// The rules that answer what people write, in the order in which they are tried.
    package func rules(of id: BotID, for caller: BotCaller) async throws -> [AutoReplyRule] {
        _ = try await hosting.find(id, for: caller)
        return try await automation.rules(of: id)
    }

    /// Throws ``AutomationError/unknown`` for a rule that there is not.
    package func rule(_ rule: UUID, of id: BotID, for caller: BotCaller) async throws -> AutoReplyRule {
        guard let found = try await rules(of: id, for: caller).first(where: { $0.id == rule }) else {
            throw AutomationError.unknown
        }
        return found
    }

    /// Makes a rule or replaces the one of that identifier.
    package func save(_ rule: AutoReplyRule, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        try rule.check()
        try await requireFile(rule.file, of: id)
        try await automation.save(rule, of: id, at: now)
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.ruleSet), of: id, by: caller)
    }

    /// Throws ``AutomationError/unknown`` for a rule that there is not.
    package func deleteRule(_ rule: UUID, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        guard try await automation.deleteRule(rule, of: id) else { throw AutomationError.unknown }
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.ruleRemoved), of: id, by: caller)
    }

    /// What would come of a text; `draft` is tried among the bot's rules.
    package func test(_ text: String, isGroup: Bool, draft: AutoReplyRule? = nil, of id: BotID, for caller: BotCaller)
        async throws -> RuleTrial
    {
        let (bot, _) = try await hosting.find(id, for: caller)
        try draft?.check()
        var rules = try await automation.rules(of: id)
        if let draft {
            rules.removeAll { $0.id == draft.id }
            rules.append(draft)
        }
        let live = LiveBot(
            id: id,
            session: bot.session,
            conduct: try await effectiveConduct(of: bot),
            automation: try await automation.live(id)
        )
        let written = String(text.prefix(RuleSet.textLimit)).trimmed
        let call = PrefixStage.read(written, prefixes: live.conduct.prefixes) {
            LookupStage.find($0, live, registry) != nil
        }
        let command = call.flatMap { LookupStage.find($0.name, live, registry) }
        let verdicts = RuleSet.verdicts(rules, on: written, isGroup: isGroup)
        let rule = command == nil ? verdicts.first { $0.verdict == .answers }?.rule : nil
        return RuleTrial(
            command: command?.declaration.name,
            isHeard: EnabledStage.admits(live.conduct.mode, isGroup: isGroup, isTrusted: false),
            rule: rule,
            answer: rule.map { sample(written, live.conduct).fill($0.answer) },
            verdicts: Dictionary(verdicts.map { ($0.rule.id, $0.verdict) }) { first, _ in first }
        )
    }

    /// What holds for a bot, everything considered.
    func effectiveConduct(of bot: Bot) async throws -> BotConduct {
        BotConduct(
            bot: bot,
            environment: try await hosting.revealedEnvironment(of: bot),
            settings: try await conduct.settings(of: bot.id).settings
        )
    }

    /// What templates are filled with for somebody called Ada, who has written a text.
    func sample(_ text: String, _ conduct: BotConduct) -> TemplateValues {
        var values = TemplateValues()
        values.name = "Ada"
        values.mention = "@15550001111"
        values.number = "15550001111"
        values.group = "Friends"
        values.members = "12"
        values.description = "Friends of Ada"
        values.bot = conduct.name
        values.prefix = conduct.prefixes.first ?? ""
        values.now = now
        values.zone = conduct.timeZone
        values.text = String(text.prefix(2_000))
        values.words = values.text.split(whereSeparator: \.isWhitespace).prefix(9).map(String.init)
        return values
    }
}
