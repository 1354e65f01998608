import Fleet
import Foundation
import Logging
import WhatsApp
import WhatsAppWire

/// Opens and closes groups at their hours.
struct OpeningClock: Sendable {
    /// Minutes after the hour within which it is still done, when the server was busy or away.
    private static let patience = 10

    let services: CommandServices
    let logger: Logger

    func run() async throws {
        let now = services.time.date()
        for bot in services.store.live.all {
            for (chat, settings) in bot.chats {
                guard let hours = settings.hours, let jid = JID(chat) else { continue }
                try await turn(hours, jid, bot, at: now)
            }
        }
    }

    private func turn(_ hours: OpeningHours, _ chat: JID, _ bot: LiveBot, at now: Date) async throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = bot.conduct.timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: now)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let day = "\(parts.year ?? 0)-\(parts.month ?? 0)-\(parts.day ?? 0)"
        for (time, isClosing) in [(hours.opens, false), (hours.closes, true)] {
            guard let time, (time..<(time + Self.patience)).contains(minute) else { continue }
            guard let session = try? await services.hosting.scheduler.running(bot.session) else { continue }
            let name = AnswerIDs.id(of: "hours \(chat) \(day) \(time) \(isClosing)")
            guard try await services.store.isFirst(name, of: bot.id) else { continue }
            do {
                try await session.set(.announcement(isClosing), of: chat)
                let text =
                    isClosing
                    ? Phrase(
                        en: "The group is closed until it opens again.",
                        id: "Grup ditutup sampai jam buka berikutnya."
                    ) : Phrase(en: "The group is open.", id: "Grup dibuka.")
                let message = OutgoingMessage(.text(OutgoingText(text.text(bot.conduct.language))))
                _ = try await session.send(message, to: chat, id: AnswerIDs.id(of: "\(bot.id) \(name)"))
            } catch {
                logger.info("A group was not turned", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
            }
        }
    }
}
