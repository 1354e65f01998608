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
        let ids = AnswerIDs(bot: bot.id, "kept \(message.chat) \(message.id)")
        let what = content.kind == .revoke ? "has deleted" : "has changed"
        let location =
            place == message.chat ? "" : " in \(message.isGroup ? await Self.subject(message.chat, session) : "a chat")"
        var note = "\(message.sender.mention) \(what) a message\(location)"
        let text = MessageContent(kept.content).text ?? ""
        let isText = MessageKind(of: kept.content) == .text
        note += isText ? ":\n\(text)" : "."
        var outgoing = OutgoingMessage(.text(OutgoingText(CommandContext.bounded(note))))
        outgoing.mentions = [message.sender.jid]
        _ = try await session.send(outgoing, to: place, id: ids.next())
        guard !isText, content.kind == .revoke, !MessageContent(kept.content).isViewOnce else { return }
        _ = try await session.send(OutgoingMessage(.forward(kept.content)), to: place, id: ids.next())
    }

    private static func subject(_ group: JID, _ session: Session) async -> String {
        (try? await session.metadata(of: group).subject) ?? "a group"
    }
}
