import Fleet
import Foundation
import Logging
import WhatsApp
import WhatsAppWire

/// Opens and closes groups at their hours, each bot for itself.
struct OpeningClock: Sendable {
    /// Minutes after the hour within which it is still done, when the server was busy or away.
    private static let patience = 10

    let services: CommandServices
    let logger: Logger
    private let bots = DueBots()

    init(services: CommandServices, logger: Logger) {
        self.services = services
        self.logger = logger
    }

    /// Looks once, and begins for all bots with a group whose hour has come.
    func begin(in group: inout DiscardingTaskGroup) async {
        let now = services.time.date()
        for bot in services.store.live.all {
            let turns = bot.chats.flatMap { chat, settings in
                JID(chat).map { Self.turns(of: settings.hours, $0, bot, at: now) } ?? []
            }
            guard !turns.isEmpty, let session = try? await services.hosting.scheduler.running(bot.session) else {
                continue
            }
            bots.begin(bot.id, in: &group) {
                for turn in turns where !Task.isCancelled { await take(turn, bot, session) }
            }
        }
    }

    private struct Turn {
        let chat: JID
        let isClosing: Bool
        /// Of this day and hour alone.
        let name: String
    }

    private static func turns(of hours: OpeningHours?, _ chat: JID, _ bot: LiveBot, at now: Date) -> [Turn] {
        guard let hours else { return [] }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = bot.conduct.timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: now)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let day = "\(parts.year ?? 0)-\(parts.month ?? 0)-\(parts.day ?? 0)"
        return [(hours.opens, false), (hours.closes, true)].compactMap { time, isClosing in
            guard let time, (time..<(time + patience)).contains(minute) else { return nil }
            return Turn(
                chat: chat,
                isClosing: isClosing,
                name: AnswerIDs.id(of: "hours \(chat) \(day) \(time) \(isClosing)")
            )
        }
    }

    /// What fails is not noted as done, so that it is tried again while there is patience.
    private func take(_ turn: Turn, _ bot: LiveBot, _ session: Session) async {
        do {
            guard try await !services.store.isDone(turn.name, of: bot.id) else { return }
            try await session.set(.announcement(turn.isClosing), of: turn.chat)
            let text =
                turn.isClosing
                ? Phrase(
                    en: "The group is closed until it opens again.",
                    id: "Grup ditutup sampai jam buka berikutnya."
                ) : Phrase(en: "The group is open.", id: "Grup dibuka.")
            let message = OutgoingMessage(.text(OutgoingText(text.text(bot.conduct.language))))
            _ = try await session.send(message, to: turn.chat, id: AnswerIDs.id(of: "\(bot.id) \(turn.name)"))
            _ = try await services.store.isFirst(turn.name, of: bot.id)
        } catch {
            logger.info("A group was not turned", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
        }
    }
}
