import Fleet
import Synchronization
import WhatsApp
import WhatsAppWire

/// For what is no command: the first rule that fits answers.
struct AutoReplyStage: Sendable {
    let services: CommandServices
    let loops: LoopGuard

    /// The rule for the message, and whether all rules had the time to look at it.
    func find(for message: HeardMessage, _ bot: LiveBot) -> (rule: AutoReplyRule?, isComplete: Bool) {
        bot.automation?.rules.search(message.text, isGroup: message.isGroup, chat: message.chat.description)
            ?? (nil, true)
    }

    func answer(_ message: HeardMessage, by rule: AutoReplyRule, _ bot: LiveBot, _ session: Session) async throws {
        let asker = await Asker(message, bot, session)
        guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else { return }
        guard loops.admits(message, bot, services) else { return }
        let values = await TemplateValues(message, asker.person, bot, session, services)
        let text = values.fill(rule.answer)
        let ids = AnswerIDs(bot: bot.id, "rule \(message.chat) \(message.sender.jid) \(message.id)")
        let files = FileRepository(database: services.store.database)
        let content: OutgoingContent
        if let id = rule.file, let file = try await files.find(id, of: bot.id) {
            content = try await file.content(session, caption: text.isEmpty ? nil : text)
        } else if !text.isEmpty {
            content = .text(OutgoingText(text))
        } else {
            return
        }
        var outgoing = OutgoingMessage(content)
        outgoing.quote = QuotedMessage(target: message.target, message: message.message)
        if text.contains(asker.person.mention) { outgoing.mentions = [asker.person.jid] }
        _ = try await session.send(outgoing, to: message.chat, id: ids.next())
    }
}
