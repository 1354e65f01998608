import Database
import Fleet
import Foundation

extension BotPreset {
    /// Fills a bot: its settings are replaced, and rules of a pattern that it does not have are added.
    func fill(_ bot: BotID, in language: BotLanguage, at now: Date, in transaction: Transaction) async throws {
        var settings = try await ConductRepository.locked(bot, at: now, in: transaction)
        fill(&settings, in: language)
        try await ConductRepository.write(settings, of: bot, at: now, in: transaction)
        try await AutomationRepository.lock(bot, in: transaction)
        let rows = try await transaction.query("SELECT pattern FROM bot_rules WHERE bot_id = \(bot)")
        let known = Set(try rows.map { try $0.decode("pattern") as String })
        let new = rules(in: language).filter { !known.contains($0.pattern) }
        guard rows.count + new.count <= AutoReplyRule.limit else {
            throw AutomationError.limitReached(AutoReplyRule.limit)
        }
        for rule in new { try await AutomationRepository.write(rule, of: bot, at: now, in: transaction) }
    }
}

extension BotStore {
    /// Fills a bot from a preset; holds from the next message on.
    package func fill(_ bot: BotID, from preset: BotPreset, in language: BotLanguage) async throws {
        try await database.withTransaction { transaction in
            try await preset.fill(bot, in: language, at: time.date(), in: transaction)
        }
        try await live.refresh(bot)
    }
}
