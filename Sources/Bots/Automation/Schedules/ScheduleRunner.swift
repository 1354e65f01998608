import Fleet
import Foundation
import Logging
import WhatsApp
import WhatsAppWire

/// Sends what is due, each bot for itself.
struct ScheduleRunner: Sendable {
    let services: CommandServices
    let logger: Logger
    private let bots = DueBots()

    init(services: CommandServices, logger: Logger) {
        self.services = services
        self.logger = logger
    }

    /// Looks once, and begins for all bots whose session works.
    func begin(in group: inout DiscardingTaskGroup) async {
        var sessions: [BotID: (bot: LiveBot, session: Session)] = [:]
        for bot in services.store.live.all {
            guard let session = try? await services.hosting.scheduler.running(bot.session) else { continue }
            sessions[bot.id] = (bot, session)
        }
        guard !sessions.isEmpty else { return }
        let due: [(bot: BotID, message: ScheduledMessage)]
        do {
            due = try await repository.due(Array(sessions.keys), at: services.time.date())
        } catch {
            logger.warning("What is due cannot be read", metadata: ["error": "\(error)"])
            return
        }
        for (id, messages) in Dictionary(grouping: due, by: \.bot) {
            guard let (bot, session) = sessions[id] else { continue }
            bots.begin(id, in: &group) {
                for (_, message) in messages where !Task.isCancelled { await send(message, bot, session) }
            }
        }
    }

    private var repository: ScheduleRepository { ScheduleRepository(database: services.store.database) }

    /// The same for all tries of one time, so that a phone which has it already drops what comes again.
    static func messageID(of message: ScheduledMessage, for bot: BotID) -> String {
        AnswerIDs(bot: bot, "schedule \(message.id) \(message.nextAt?.timeIntervalSince1970 ?? 0)").next()
    }

    private func send(_ message: ScheduledMessage, _ bot: LiveBot, _ session: Session) async {
        do {
            // What was read may have gone out meanwhile.
            guard try await repository.find(message.id, of: bot.id)?.nextAt == message.nextAt else { return }
            let outcome = await outcome(of: message, bot, session)
            try await repository.done(message, of: bot.id, outcome, at: services.time.date())
        } catch {
            logger.warning("A scheduled message was lost", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
        }
    }

    /// Waits for the session's turn; says why there is none.
    private func refusal(of message: ScheduledMessage, _ bot: LiveBot, _ session: Session) async
        -> (next: ScheduleTry, problem: ScheduleProblem?)?
    {
        do {
            try await services.door.pass(bot.session, restrictions: await session.restrictions)
            return nil
        } catch {
            let problem = (error as? SendDoor.Refusal).map { ScheduleProblem($0) } ?? .failed
            // Today there is no room any more.
            let isFinal = if case .dailyCap = problem { true } else { false }
            return (ScheduleTry(of: message, problem, isFinal: isFinal, at: services.time.date()), problem)
        }
    }

    private func outcome(of message: ScheduledMessage, _ bot: LiveBot, _ session: Session) async
        -> (next: ScheduleTry, problem: ScheduleProblem?)
    {
        let now = services.time.date()
        guard let chat = JID(message.chat), let due = message.nextAt else {
            return (ScheduleTry(of: message, .chat, isFinal: true, at: now), .chat)
        }
        guard now.timeIntervalSince(due) < ScheduleTry.patience else {
            return (ScheduleTry(of: message, .late, isFinal: true, at: now), .late)
        }
        // Whoever asked to be reminded waits for it.
        if message.mention == nil, let refused = await refusal(of: message, bot, session) { return refused }
        var values = TemplateValues()
        values.bot = bot.conduct.name
        values.now = now
        values.zone = message.zone
        // What somebody wants to be reminded of is no template.
        let text = message.mention == nil ? values.fill(message.text) : message.text
        var outgoing = OutgoingMessage(.text(OutgoingText(text)))
        if let jid = message.mention.flatMap({ JID($0) }) { outgoing.mentions = [jid] }
        do throws(SendError) {
            _ = try await session.send(outgoing, to: chat, id: Self.messageID(of: message, for: bot.id))
            return (ScheduleTry(of: message, nil, at: services.time.date()), nil)
        } catch {
            logger.info("A scheduled message was not sent", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
            let problem = ScheduleProblem(error)
            return (ScheduleTry(of: message, problem, at: services.time.date()), problem)
        }
    }
}
