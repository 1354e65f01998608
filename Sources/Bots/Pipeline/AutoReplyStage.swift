import Fleet
import Synchronization
import WhatsApp
import WhatsAppWire

/// For what is no command: the first rule that fits answers.
struct AutoReplyStage: Sendable {
    let services: CommandServices
    let loops: LoopGuard

    /// Whether there is a rule for the message.
    func answers(_ message: HeardMessage, _ bot: LiveBot) -> Bool { rule(for: message, bot) != nil }

    private func rule(for message: HeardMessage, _ bot: LiveBot) -> AutoReplyRule? {
        bot.automation?.rules.match(message.text, isGroup: message.isGroup, chat: message.chat.description)
    }

    func answer(_ message: HeardMessage, _ bot: LiveBot, _ session: Session) async throws {
        guard let rule = rule(for: message, bot) else { return }
        let asker = await Asker(message, bot, session)
        guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else { return }
        guard loops.mayAnswer(bot.id, message.chat, at: services.time.uptime()) else { return }
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

/// Ends talks of bots with bots: who is answered again and again within moments is no person.
final class LoopGuard: Sendable {
    private struct Talk {
        var last: Duration
        var streak = 0
        var mutedUntil = Duration.zero
        var mute = LoopGuard.mute
    }

    private struct Key: Hashable {
        let bot: BotID
        let chat: JID
    }

    /// An answer within this time of the one before is quick.
    private static let moment = Duration.seconds(2)
    /// So many quick ones in a row are a loop.
    static let limit = 8
    private static let mute = Duration.seconds(300)
    private static let longestMute = Duration.seconds(3_600)

    private let talks = Mutex<[Key: Talk]>([:])

    /// Whether an answer that nobody has asked for by a command may go out now; counts it.
    func mayAnswer(_ bot: BotID, _ chat: JID, at now: Duration) -> Bool {
        talks.withLock { talks in
            if talks.count > 20_000 { talks = talks.filter { now - $0.value.last < Self.longestMute } }
            var talk = talks[Key(bot: bot, chat: chat)] ?? Talk(last: now - .seconds(3_600))
            defer { talks[Key(bot: bot, chat: chat)] = talk }
            guard talk.mutedUntil <= now else { return false }
            talk.streak = now - talk.last < Self.moment ? talk.streak + 1 : 0
            if now - talk.last > Self.longestMute { talk.mute = Self.mute }
            talk.last = now
            guard talk.streak >= Self.limit else { return true }
            talk.streak = 0
            talk.mutedUntil = now + talk.mute
            talk.mute = min(talk.mute * 2, Self.longestMute)
            return false
        }
    }
}
