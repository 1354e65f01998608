import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// What a bot does by itself with messages, statuses and calls, where its owner has switched it on.
struct HabitStage: Sendable {
    let services: CommandServices
    let limits: RateLimitStage

    // MARK: Messages

    func isWanted(_ message: HeardMessage, _ bot: LiveBot) -> Bool {
        guard !message.isFromMe else { return false }
        return bot.conduct.flags.contains(.readsMessages) || bot.conduct.settings.autoReact?.isEmpty == false
    }

    func hear(_ message: HeardMessage, _ bot: LiveBot, _ session: Session) async throws {
        if bot.conduct.flags.contains(.readsMessages) {
            try await session.markRead([message.id], in: message.chat, author: message.sender.jid)
        }
        // Reactions to reactions would never end.
        guard let emojis = bot.conduct.settings.autoReact, let emoji = emojis.randomElement(),
            message.content.kind != .reaction, !message.text.isEmpty,
            limits.count(
                .init(bot: bot.id, person: message.chat.description, command: "#react"),
                limit: 20,
                window: .seconds(60),
                at: message.arrival
            ) == .allowed
        else { return }
        let ids = AnswerIDs(bot: bot.id, "react \(message.chat) \(message.id)")
        let reaction = OutgoingMessage(.reaction(message.target, emoji))
        _ = try await session.send(reaction, to: message.chat, id: ids.next())
    }

    // MARK: Statuses

    func isStatusWanted(_ bot: LiveBot) -> Bool {
        bot.conduct.flags.contains(.viewsStatuses) || bot.conduct.flags.contains(.savesStatuses)
            || bot.conduct.settings.reactsToStatuses?.isEmpty == false
    }

    func hearStatus(_ message: HeardMessage, _ bot: LiveBot, _ session: Session) async throws {
        guard !message.isFromMe else { return }
        switch message.content.kind {
        case .text, .image, .video, .gif, .audio, .voice: break
        default: return
        }
        let ids = AnswerIDs(bot: bot.id, "status \(message.sender.jid) \(message.id)")
        if bot.conduct.flags.contains(.viewsStatuses) {
            try await session.markRead([message.id], in: message.chat, author: message.sender.jid)
        }
        if let emoji = bot.conduct.settings.reactsToStatuses, !emoji.isEmpty {
            let reaction = OutgoingMessage(.reaction(message.target, emoji))
            _ = try await session.send(reaction, to: .status, id: ids.next())
        }
        guard bot.conduct.flags.contains(.savesStatuses), let own = await session.account else { return }
        let place = own.jid.withoutDevice
        let title = Phrase(en: "Status of \(message.sender.mention):", id: "Status dari \(message.sender.mention):")
        let note = OutgoingMessage(.text(OutgoingText(title.text(bot.conduct.language))))
        _ = try await session.send(note, to: place, id: ids.next())
        _ = try await session.send(OutgoingMessage(.forward(message.message)), to: place, id: ids.next())
    }

    // MARK: Calls and presence

    func hear(_ call: CallEvent, _ bot: LiveBot, _ session: Session) async throws {
        guard call.kind == .offer, !call.isOffline, bot.conduct.flags.contains(.rejectsCalls) else { return }
        try await session.rejectCall(call.callID, from: call.creator)
        guard let answer = bot.conduct.settings.callAnswer, !answer.isEmpty, call.group == nil,
            limits.count(
                .init(bot: bot.id, person: call.from.description, command: "#call"),
                limit: 1,
                window: .seconds(600),
                at: services.time.uptime()
            ) == .allowed
        else { return }
        let ids = AnswerIDs(bot: bot.id, "call \(call.callID)")
        let text = OutgoingMessage(.text(OutgoingText(answer)))
        _ = try await session.send(text, to: call.from.withoutDevice, id: ids.next())
    }
}
