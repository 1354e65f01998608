import Fleet
import Foundation
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// Shows again what its author has taken back or changed.
struct DeletionWatch: Sendable {
    let keeping: KeepingStage
    let services: CommandServices

    /// For a message that takes back or changes another.
    func hear(_ message: HeardMessage, _ chat: ChatSettings?, _ bot: LiveBot, _ session: Session) async throws {
        let content = message.content
        guard let target = content.target, !message.isFromMe, content.kind == .revoke || content.kind == .edit,
            let kept = try await keeping.find(target.id, in: message.chat.description, of: bot),
            // Administrators who take away what others wrote know why.
            let author = JID(kept.sender), message.sender.isSame(as: author)
        else { return }
        // Where the group wants it, else to the owner alone.
        let place: JID
        if chat?.keepsDeleted == true {
            place = message.chat
        } else if let own = await session.account {
            place = own.jid.withoutDevice
        } else {
            return
        }
        // The next edit or deletion shows what stands there now.
        if case .edit(let now) = content.body {
            keeping.keep(message.standing(as: target.id, of: author, now), of: bot)
        }
        let ids = AnswerIDs(bot: bot.id, "kept \(message.chat) \(message.id)")
        let isHere = place == message.chat
        let location = isHere ? Phrase(same: "") : await Self.location(message, session)
        let who = message.sender.mention
        let title =
            content.kind == .revoke
            ? Phrase(en: "\(who) has deleted a message\(location)", id: "\(who) menghapus sebuah pesan\(location)")
            : Phrase(en: "\(who) has changed a message\(location)", id: "\(who) mengubah sebuah pesan\(location)")
        var note = title.text(bot.conduct.language)
        let text = MessageContent(kept.content).text ?? ""
        let isText = MessageKind(of: kept.content) == .text
        note += isText ? ":\n\(text)" : "."
        var outgoing = OutgoingMessage(.text(OutgoingText(CommandContext.bounded(note))))
        outgoing.mentions = [message.sender.jid]
        _ = try await session.send(outgoing, to: place, id: ids.next())
        guard !isText, content.kind == .revoke, !MessageContent(kept.content).isViewOnce else { return }
        _ = try await session.send(OutgoingMessage(.forward(kept.content)), to: place, id: ids.next())
    }

    private static func location(_ message: HeardMessage, _ session: Session) async -> Phrase {
        guard message.isGroup else { return Phrase(en: " in a chat", id: " di sebuah chat") }
        guard let subject = try? await session.metadata(of: message.chat).subject else {
            return Phrase(en: " in a group", id: " di sebuah grup")
        }
        return Phrase(en: " in \(subject)", id: " di \(subject)")
    }
}
