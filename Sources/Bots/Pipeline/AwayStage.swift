import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// Besides the commands: says of those who are away that they are, and greets them when they write again.
struct AwayStage: Sendable {
    let services: CommandServices
    let limits: RateLimitStage

    /// Nobody is told twice within this time.
    private static let pause = Duration.seconds(60)

    /// For a message that is no command.
    func hear(_ message: HeardMessage, _ bot: LiveBot, _ session: Session) async throws {
        let asker = await Asker(message, bot, session)
        guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else { return }
        let now = services.time.date()
        if let away = bot.away.first(where: { $0.person.isSame(as: asker.person) }) {
            try await AwayRepository(database: services.store.database).delete(away.person, of: bot.id)
            try await services.store.live.refresh(bot.id)
            let span = DurationText.span(now.timeIntervalSince(away.since))
            let greeting = Phrase(
                en: "Welcome back, \(away.name). You were away for \(span).",
                id: "Selamat datang kembali, \(away.name). Kamu pergi selama \(span)."
            )
            return await say(greeting, to: message, bot, session)
        }
        guard !message.isFromMe else { return }
        let content = message.content
        let asked = content.mentions.prefix(20) + [content.quote?.author].compactMap { $0 }
        let found = bot.away.filter { away in asked.contains { away.person.isSame(as: $0) } }
        for away in found.prefix(3) {
            let key = RateLimitStage.Key(bot: bot.id, person: "\(away.person.key) \(message.chat)", command: "#away")
            guard limits.count(key, limit: 1, window: Self.pause, at: message.arrival) == .allowed else { continue }
            let span = DurationText.span(now.timeIntervalSince(away.since))
            let reason = away.reason.isEmpty ? "." : ": \(away.reason)"
            let notice = Phrase(
                en: "\(away.name) is away for \(span)\(reason)",
                id: "\(away.name) sedang pergi selama \(span)\(reason)"
            )
            await say(notice, to: message, bot, session)
        }
    }

    private func say(_ phrase: Phrase, to message: HeardMessage, _ bot: LiveBot, _ session: Session) async {
        let text = phrase.text(bot.conduct.language)
        let ids = AnswerIDs(bot: bot.id, "away \(message.chat) \(message.id) \(text.prefix(40))")
        await ReplyStage.say(text, to: message, ids, session)
    }
}
