package import Fleet
import Foundation
package import Logging
import ServiceLifecycle
package import WhatsApp
import WhatsAppWire

/// What bots do with what they hear: the way from a message to the command and its answer.
///
/// Everything that has to wait is done elsewhere, a few things at once for each bot, so that a slow command holds up neither
/// the session nor other bots.
package final class BotPipeline: SessionListener, Service {
    package let name = "bots"
    package let services: CommandServices
    let executor: CommandExecutor
    let limits = RateLimitStage()
    let log: LogStage
    let logger: Logger

    package init(services: CommandServices, logger: Logger) {
        self.services = services
        self.logger = logger
        executor = CommandExecutor()
        log = LogStage(
            log: services.hosting.ear.log,
            statistics: CommandStatistics(database: services.hosting.database),
            logger: logger
        )
    }

    package func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        guard let bot = await bot(of: session, event) else { return }
        switch event {
        case .message(let received): take(received, bot, session.session)
        default: break
        }
    }

    /// The bot of a session; read anew with each login, because the environment holds from the next start on.
    private func bot(of session: RunningSession, _ event: SessionEvent) async -> LiveBot? {
        do {
            if case .connection(.loggedIn) = event { return try await services.store.live.load(session.id) }
            return try await services.store.live.find(session.id)
        } catch {
            logger.warning("A bot cannot be read", metadata: ["session.id": "\(session.id)", "error": "\(error)"])
            return services.store.live.known(session.id)
        }
    }

    // MARK: The stages

    /// All stages of a message, in their order; nothing here waits.
    private func take(_ received: ReceivedMessage, _ bot: LiveBot, _ session: Session) {
        guard TextStage.isAnswerable(received, at: services.time.date()) else { return }
        let message = TextStage.read(received, at: services.time.uptime())
        let chat = bot.chats.isEmpty ? nil : bot.chats[message.chat.description]
        guard
            let call = PrefixStage.read(
                message.text,
                prefixes: chat?.prefixes ?? bot.conduct.prefixes,
                isKnown: { services.registry.find($0) != nil }
            )
        else { return }
        let person = message.sender.key
        switch limits.take(bot.id, person, limit: bot.conduct.commandsPerMinute, at: message.arrival) {
        case .allowed: break
        case .warned(let seconds): return say(.tooFast(seconds: seconds), to: message, bot, session)
        case .refused: return
        }
        guard let command = services.registry.find(call.name) else { return }
        switch EnabledStage.check(command.declaration, bot.conduct, chat: chat) {
        case .offered: break
        case .disabled: return say(.disabled(command.declaration.name), to: message, bot, session)
        case .silent: return
        }
        let isTaken = executor.submit(for: bot.id) {
            await self.execute(command, call, message, chat, bot, session)
        }
        if !isTaken { Self.logBusy(log.log, bot, at: services.time.date()) }
    }

    /// The stages that may wait.
    private func execute(
        _ command: any Command,
        _ call: PrefixStage.Call,
        _ message: HeardMessage,
        _ chat: ChatSettings?,
        _ bot: LiveBot,
        _ session: Session
    ) async {
        let declaration = command.declaration
        let asker = await Asker(message, bot, session)
        guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else { return }
        let start = services.time.uptime()
        let outcome = await outcome(of: command, call, message, chat, asker, bot, session)
        let ids = AnswerIDs(bot: bot.id, "refusal \(message.chat) \(message.id)")
        if let text = ReplyStage.text(for: outcome, bot.conduct.language) {
            await ReplyStage.say(text, to: message, ids, session)
        }
        log.record(
            declaration,
            outcome,
            by: asker.person,
            of: bot,
            took: services.time.uptime() - start,
            at: services.time.date()
        )
    }

    private func outcome(
        of command: any Command,
        _ call: PrefixStage.Call,
        _ message: HeardMessage,
        _ chat: ChatSettings?,
        _ asker: Asker,
        _ bot: LiveBot,
        _ session: Session
    ) async -> ExecutionStage.Outcome {
        let declaration = command.declaration
        do {
            var permissions = declaration.permissions
            if chat?.isForAdmins == true { permissions.insert(.groupAdmin) }
            if let refusal = try await PermissionStage.refusal(permissions, asker) {
                return .refused(refusal.text(bot.conduct.language))
            }
            let place = "\(asker.person.key) \(message.chat)"
            switch limits.cool(bot.id, place, declaration.name, declaration.coolDown, at: message.arrival) {
            case .allowed: break
            case .warned(let seconds):
                return .refused(BotPhrase.coolingDown(seconds: seconds).text(bot.conduct.language))
            case .refused: return .cancelled
            }
            let context = try ContextStage.make(command, call, message, asker, bot, session, services, logger)
            if declaration.isDoneOnce, try await !services.store.isFirst(context.ids.next(), of: bot.id) {
                return .cancelled
            }
            return await ExecutionStage.run(command, context)
        } catch let refusal as CommandRefusal {
            return .refused(refusal.text)
        } catch {
            return .failed(error)
        }
    }

    /// Says something of the pipeline's own, when there is room for it.
    private func say(_ phrase: BotPhrase, to message: HeardMessage, _ bot: LiveBot, _ session: Session) {
        let text = phrase.text(bot.conduct.language)
        _ = executor.submit(for: bot.id) {
            let asker = await Asker(message, bot, session)
            guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else {
                return
            }
            let ids = AnswerIDs(bot: bot.id, "phrase \(message.chat) \(message.id)")
            await ReplyStage.say(text, to: message, ids, session)
        }
    }

    private static func logBusy(_ log: BotLog, _ bot: LiveBot, at now: Date) {
        log.write(.warning, "Too many commands at once; one was not taken.", of: bot.id, at: now)
    }

    // MARK: Service

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.executor.run() }
                group.addTask { await self.each(.seconds(5)) { try await self.log.statistics.flush() } }
            }
        }
        try? await log.statistics.flush()
    }

    /// Does something every so often; what fails is tried again the next time.
    private func each(_ interval: Duration, _ work: @Sendable () async throws -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: interval)
            do {
                try await work()
            } catch  where !Task.isCancelled {
                logger.warning("Bots could not be looked after", metadata: ["error": "\(error)"])
            } catch {}
        }
    }
}
