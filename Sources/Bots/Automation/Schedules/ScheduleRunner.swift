import Fleet
import Foundation
import Logging
import WhatsApp
import WhatsAppWire

/// Sends what is due.
struct ScheduleRunner: Sendable {
    /// What is due for longer, because no bot ran, is not sent any more.
    private static let patience: TimeInterval = 86_400

    let services: CommandServices
    let logger: Logger

    /// Looks once, for all bots whose session works.
    func run() async throws {
        let bots = services.store.live.all
        guard !bots.isEmpty else { return }
        let now = services.time.date()
        let repository = ScheduleRepository(database: services.store.database)
        let due = try await repository.due(bots.map(\.id), at: now)
        for (id, message) in due {
            guard let bot = bots.first(where: { $0.id == id }),
                let session = try? await services.hosting.scheduler.running(bot.session)
            else { continue }
            let error = await send(message, bot, session, at: now)
            // Tried again in a minute where the reason may pass; else it is over until the next time.
            let isLate = now.timeIntervalSince(message.nextAt ?? now) > 600
            let next = error == nil || isLate ? message.following(now) : now.addingTimeInterval(60)
            try await repository.done(message, of: id, next: next, error: error, at: now)
        }
    }

    /// Nil for what has gone out.
    private func send(_ message: ScheduledMessage, _ bot: LiveBot, _ session: Session, at now: Date) async -> String? {
        guard let chat = JID(message.chat), let due = message.nextAt else { return "chat" }
        guard now.timeIntervalSince(due) < Self.patience else { return nil }
        var values = TemplateValues()
        values.bot = bot.conduct.name
        values.now = now
        values.zone = message.zone
        // What somebody wants to be reminded of is no template.
        let text = message.mention == nil ? values.fill(message.text) : message.text
        var outgoing = OutgoingMessage(.text(OutgoingText(text)))
        if let jid = message.mention.flatMap({ JID($0) }) { outgoing.mentions = [jid] }
        let ids = AnswerIDs(bot: bot.id, "schedule \(message.id) \(due.timeIntervalSince1970)")
        do throws(SendError) {
            _ = try await session.send(outgoing, to: chat, id: ids.next())
            return nil
        } catch {
            logger.info("A scheduled message was not sent", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
            return String("\(error)".prefix(200))
        }
    }
}
