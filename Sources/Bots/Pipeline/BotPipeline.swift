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
    let lanes = WorkLanes()
    let limits = RateLimitStage()
    let log: LogStage
    let keeping: KeepingStage
    let deletions: DeletionWatch
    let moderator: Moderator
    let groups: GroupStage
    let habits: HabitStage
    let replies: AutoReplyStage
    let away: AwayStage
    let talks: TalkStage
    let schedules: ScheduleRunner
    let openings: OpeningClock
    let typing: TypingStage
    let logger: Logger

    package init(services: CommandServices, logger: Logger) {
        self.services = services
        self.logger = logger
        let database = services.store.database
        log = LogStage(
            log: services.hosting.ear.log,
            statistics: CommandStatistics(database: database),
            logger: logger
        )
        keeping = KeepingStage(database: database, vault: services.hosting.vault)
        deletions = DeletionWatch(keeping: keeping, services: services)
        moderator = Moderator(services: services, log: services.hosting.ear.log)
        groups = GroupStage(services: services, limits: limits)
        habits = HabitStage(services: services, limits: limits)
        let loops = LoopGuard()
        replies = AutoReplyStage(services: services, loops: loops)
        away = AwayStage(services: services, limits: limits)
        schedules = ScheduleRunner(services: services, logger: logger)
        openings = OpeningClock(services: services, logger: logger)
        typing = TypingStage()
        talks = TalkStage(services: services, limits: limits, loops: loops, memory: TalkMemory())
    }

    package func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        guard let bot = await bot(of: session, event) else { return }
        let session = session.session
        if case .connection(.loggedIn) = event, let account = await session.account {
            services.store.live.note(account, of: bot.session)
        }
        switch event {
        case .message(let received) where received.chat.isStatusBroadcast: takeStatus(received, bot, session)
        case .message(let received): take(received, bot, session)
        case .group(let change):
            guard groups.isWanted(change, bot) else { return }
            submit(bot, on: .order) { try await self.groups.hear(change, bot, session) }
        case .call(let call): submit(bot) { try await self.habits.hear(call, bot, session) }
        case .connection(.loggedIn) where bot.conduct.flags.contains(.showsOnline):
            submit(bot) { try await session.setAvailable(true) }
        default: break
        }
    }

    /// The bot of a session; read anew with each login, so that nothing that was missed stays so.
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
        let chat = bot.chats.isEmpty ? nil : bot.chats[received.chat.description]
        // 1. What was written.
        let message = TextStage.read(received, at: services.time.uptime())
        // What another bot on the same account says is not its owner's word.
        if message.isFromMe, message.device != 0 {
            var device = received.sender
            device.device = message.device
            if services.store.live.isOther(device, than: bot.session) { return }
        }
        // 2. Kept, where it may be taken back.
        if KeepingStage.isWanted(bot, chat: chat) {
            if MessageKind(of: message.message).changesAnother {
                submit(bot, on: .order) { try await self.deletions.hear(message, chat, bot, session) }
            } else {
                keeping.keep(message, of: bot)
            }
        }
        if chat?.countsSince != nil, !message.isFromMe { services.store.activity.count(message, of: bot.id) }
        // 3. Moderation.
        if let chat, chat.isModerated, let offence = ModerationStage.check(message, chat, bot, limits) {
            return submit(bot, on: .order) {
                let stays = try await !self.moderator.act(on: offence, message, chat, bot, session)
                if stays { self.heed(message, received, chat, bot, session) }
            }
        }
        heed(message, received, chat, bot, session)
    }

    /// The stages of a message that may stand where it was written; nothing here waits.
    private func heed(
        _ message: HeardMessage,
        _ received: ReceivedMessage,
        _ chat: ChatSettings?,
        _ bot: LiveBot,
        _ session: Session
    ) {
        guard TextStage.isAnswerable(received, at: services.time.date()) else { return }
        if habits.isWanted(message, bot) { submit(bot) { try await self.habits.hear(message, bot, session) } }
        // 4. The prefix, 5. the name and what follows it.
        let prefixes = chat?.prefixes ?? bot.conduct.prefixes
        let call = PrefixStage.read(message.text, prefixes: prefixes) {
            LookupStage.find($0, bot, services.registry) != nil
        }
        guard let call else { return answerWithoutCommand(message, chat, bot, session) }
        // 6. Not too many.
        switch limits.take(bot.id, message.sender.key, limit: bot.conduct.commandsPerMinute, at: message.arrival) {
        case .allowed: break
        case .warned(let seconds):
            // Not a word where the bot is silent, or to what may be another bot's command.
            let command = LookupStage.find(call.name, bot, services.registry)?.declaration
            guard let command, EnabledStage.check(command, bot.conduct, chat: chat) == .offered else { return }
            return say(.tooFast(seconds: seconds), to: message, bot, session)
        case .refused: return
        }
        // 7. The command of that name.
        guard let command = LookupStage.find(call.name, bot, services.registry) else {
            return answerWithoutCommand(message, chat, bot, session)
        }
        // 8. Offered here.
        switch EnabledStage.check(command.declaration, bot.conduct, chat: chat) {
        case .offered: break
        case .disabled: return say(.disabled(command.declaration.name), to: message, bot, session)
        case .silent: return
        }
        // 9. to 13.
        let isTaken = lanes.submit(for: bot.id, on: WorkLanes.lane(of: command.declaration)) {
            await self.execute(command, call, message, chat, bot, session)
        }
        if !isTaken { noteBusy("Too many commands at once; some were not taken.", bot) }
    }

    /// Says in the log that something was not done, once a minute.
    private func noteBusy(_ text: String, _ bot: LiveBot) {
        let key = RateLimitStage.Key(bot: bot.id, person: "", command: "#busy \(text)")
        guard limits.count(key, limit: 1, window: .seconds(60), at: services.time.uptime()) == .allowed else { return }
        log.log.write(.warning, text, of: bot.id, at: services.time.date())
    }

    private func takeStatus(_ received: ReceivedMessage, _ bot: LiveBot, _ session: Session) {
        guard habits.isStatusWanted(bot), !received.isOffline else { return }
        let message = TextStage.read(received, at: services.time.uptime())
        submit(bot) { try await self.habits.hearStatus(message, bot, session) }
    }

    private func answerWithoutCommand(
        _ message: HeardMessage,
        _ chat: ChatSettings?,
        _ bot: LiveBot,
        _ session: Session
    ) {
        guard !message.text.isEmpty, chat?.isSilent != true else { return }
        if !bot.away.isEmpty { submit(bot) { try await self.away.hear(message, bot, session) } }
        let isTalking = chat?.isTalking == true
        guard !message.isFromMe, isTalking || bot.automation?.rules.isEmpty == false else { return }
        submit(bot) {
            let found = self.replies.find(for: message, bot)
            if !found.isComplete { self.noteBusy("A message took the rules too long; some did not look at it.", bot) }
            if let rule = found.rule {
                try await self.replies.answer(message, by: rule, bot, session)
            } else if isTalking {
                try await self.talks.answer(message, bot, session)
            }
        }
    }

    /// Does something that is no command, when there is room for it; what fails is in the session's counters.
    private func submit(
        _ bot: LiveBot,
        on lane: WorkLanes.Lane = .quick,
        _ work: @escaping @Sendable () async throws -> Void
    ) {
        let isTaken = lanes.submit(for: bot.id, on: lane) { [logger] in
            do {
                try await work()
            } catch {
                logger.debug("A bot could not act", metadata: ["bot.id": "\(bot.id)", "error": "\(error)"])
            }
        }
        if !isTaken { noteBusy("Too much at once; some messages were neither moderated nor answered.", bot) }
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
                return .refused(refusal)
            }
            let context = try await ContextStage.make(command, call, message, asker, bot, session, services, logger)
            let place = "\(asker.person.key) \(message.chat)"
            switch limits.cool(bot.id, place, declaration.name, declaration.coolDown, at: message.arrival) {
            case .allowed: break
            case .warned(let seconds):
                return .refused(.coolingDown(seconds: seconds))
            case .refused: return .cancelled
            }
            if declaration.isDoneOnce, try await !services.store.isFirst(context.ids.next(), of: bot.id) {
                return .cancelled
            }
            let isSlow = WorkLanes.lane(of: declaration) == .slow
            if isSlow, !lanes.enter(bot.id, asker.person.key, share: WorkLanes.share(of: declaration)) {
                return .refused(.stillBusy)
            }
            defer { if isSlow { lanes.leave(bot.id, asker.person.key) } }
            return await typing.shown(for: bot, in: message.chat, by: session) {
                await ExecutionStage.run(command, context)
            }
        } catch let refusal as CommandRefusal {
            return .refused(refusal.phrase)
        } catch {
            return .failed(error)
        }
    }

    /// Says something of the pipeline's own, when there is room for it.
    private func say(_ phrase: Phrase, to message: HeardMessage, _ bot: LiveBot, _ session: Session) {
        let text = phrase.text(bot.conduct.language)
        _ = lanes.submit(for: bot.id, on: .quick) {
            let asker = await Asker(message, bot, session)
            guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else {
                return
            }
            let ids = AnswerIDs(bot: bot.id, "phrase \(message.chat) \(message.id)")
            await ReplyStage.say(text, to: message, ids, session)
        }
    }

    // MARK: Service

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.lanes.run() }
                group.addTask { await self.services.store.live.followOthers() }
                group.addTask { await self.services.store.live.followRows(logger: self.logger) }
                group.addTask { await self.each(.seconds(1)) { try await self.keeping.flush() } }
                group.addTask { await self.each(.seconds(5)) { try await self.flush() } }
                group.addTask { await self.lookAfterTime { await self.schedules.begin(in: &$0) } }
                group.addTask { await self.lookAfterTime { await self.openings.begin(in: &$0) } }
                group.addTask {
                    await self.each(.seconds(600)) { try await self.sweep() }
                }
            }
        }
        try? await keeping.flush()
        try? await flush()
    }

    /// Writes what was counted.
    package func flush() async throws {
        try await log.statistics.flush()
        try await services.store.activity.flush()
    }

    /// Forgets what is over.
    func sweep() async throws {
        let now = services.time.date()
        try await keeping.sweep(at: now)
        try await log.statistics.sweep(at: now)
        let schedules = ScheduleRepository(database: services.store.database)
        try await schedules.sweep(before: now.addingTimeInterval(-7 * 86_400))
    }

    /// Sends messages that are due, and opens and closes groups.
    package func doWhatIsDue() async throws {
        try Task.checkCancellation()
        await withDiscardingTaskGroup { group in
            await schedules.begin(in: &group)
            await openings.begin(in: &group)
        }
    }

    /// Begins every few seconds what is due; what takes long holds up nothing but itself.
    private func lookAfterTime(_ begin: @Sendable (inout DiscardingTaskGroup) async -> Void) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(10))
                await begin(&group)
            }
            group.cancelAll()
        }
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
