import Fleet
import Foundation
import Logging
import WhatsApp
import WhatsAppWire

/// Does what a group has decided about messages that must not be.
struct Moderator: Sendable {
    let services: CommandServices
    let log: BotLog

    /// Takes the message away, warns or removes; administrators may write what they like.
    ///
    /// False for a message that stays, also because the bot cannot take it away.
    func act(
        on offence: ModerationStage.Offence,
        _ message: HeardMessage,
        _ chat: ChatSettings,
        _ bot: LiveBot,
        _ session: Session
    ) async throws -> Bool {
        let asker = await Asker(message, bot, session)
        guard !asker.isBotAdmin, try await !asker.isGroupAdmin() else { return false }
        guard try await asker.isBotGroupAdmin() else {
            log.write(
                .info,
                "A message was left because the bot is no admin.",
                of: bot.id,
                at: services.time.date()
            )
            return false
        }
        let ids = AnswerIDs(bot: bot.id, "moderation \(message.chat) \(message.id)")
        try await delete(message, ids, session)
        let (action, isTold) = Self.action(offence, chat)
        guard isTold else { return true }
        switch action {
        case .delete:
            let notice = Phrase(same: "\(asker.person.mention), \(offence.reason).")
            try await tell(notice, about: asker.person, message.chat, bot, ids, session)
        case .warn:
            let reason = offence.reason.text(bot.conduct.language)
            try await warn(asker.person, message, reason, nil, bot, ids, session)
        case .kick: try await remove(asker.person, from: message.chat, offence.reason, bot, ids, session)
        }
        log.write(
            .info,
            "A message was taken away: \(offence.reason.text(.english)).",
            of: bot.id,
            at: services.time.date()
        )
        return true
    }

    private static func action(_ offence: ModerationStage.Offence, _ chat: ChatSettings) -> (
        ModerationAction, isTold: Bool
    ) {
        switch offence {
        case .link: (chat.links?.action ?? .delete, true)
        case .word: (chat.words?.action ?? .delete, true)
        case .bot: (chat.bots ?? .delete, true)
        case .flood(let isFirst): (chat.flood?.action ?? .delete, isFirst)
        case .tooSoon(_, let isFirst): (.delete, isFirst)
        }
    }

    private func delete(_ message: HeardMessage, _ ids: AnswerIDs, _ session: Session) async throws {
        var target = message.target
        // An edit is taken away with what it has changed.
        if let original = message.content.target, message.content.kind == .edit { target.id = original.id }
        _ = try await session.send(OutgoingMessage(.revoke(target)), to: message.chat, id: ids.next())
    }

    /// Warns somebody, and does what the group does to who is warned too often; how many warnings there are.
    @discardableResult
    func warn(
        _ person: Person,
        _ message: HeardMessage,
        _ reason: String?,
        _ giver: String?,
        _ bot: LiveBot,
        _ ids: AnswerIDs,
        _ session: Session
    ) async throws -> Int {
        let settings = bot.chats[message.chat.description]
        let limit = settings?.warnLimit ?? bot.conduct.warnLimit
        let warnings = WarningRepository(database: services.store.database)
        let (count, isNew) = try await warnings.add(
            person.key,
            in: message.chat.description,
            of: bot.id,
            message: message.id,
            reason: reason,
            by: giver,
            at: services.time.date()
        )
        guard isNew else { return count }
        let words = reason.map { ": \($0)" } ?? ""
        guard count >= limit else {
            let notice = Phrase(
                en: "\(person.mention), warning \(count) of \(limit)\(words).",
                id: "\(person.mention), peringatan \(count) dari \(limit)\(words)."
            )
            try await tell(notice, about: person, message.chat, bot, ids, session)
            return count
        }
        _ = try await warnings.reset(person.key, in: message.chat.description, of: bot.id)
        switch settings?.warnAction ?? .kick {
        case .kick:
            let sum = Phrase(en: "\(count, "warning", "warnings")\(words)", id: "\(count) peringatan\(words)")
            try await remove(person, from: message.chat, sum, bot, ids, session)
        case .delete, .warn:
            let notice = Phrase(
                en: "\(person.mention), this was the last of \(limit, "warning", "warnings")\(words).",
                id: "\(person.mention), ini yang terakhir dari \(limit) peringatan\(words)."
            )
            try await tell(notice, about: person, message.chat, bot, ids, session)
        }
        return count
    }

    private func remove(
        _ person: Person,
        from chat: JID,
        _ reason: Phrase,
        _ bot: LiveBot,
        _ ids: AnswerIDs,
        _ session: Session
    ) async throws {
        let results = try await session.change(.remove, [person.jid], in: chat)
        guard results.allSatisfy({ $0.error == nil }) else { return }
        let notice = Phrase(
            en: "\(person.mention) was removed: \(reason).",
            id: "\(person.mention) dikeluarkan: \(reason)."
        )
        try await tell(notice, about: person, chat, bot, ids, session)
    }

    private func tell(
        _ notice: Phrase,
        about person: Person,
        _ chat: JID,
        _ bot: LiveBot,
        _ ids: AnswerIDs,
        _ session: Session
    ) async throws {
        var outgoing = OutgoingMessage(.text(OutgoingText(notice.text(bot.conduct.language))))
        outgoing.mentions = [person.jid]
        _ = try await session.send(outgoing, to: chat, id: ids.next())
    }
}
