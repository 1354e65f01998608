package import Accounts
import Fleet
import Foundation
package import Logging
import ServiceLifecycle

/// Looks after all bots of this process: expiry, limits, usage, logs, mails.
package actor HostingService: Service {
    private let configuration: HostingConfiguration
    private let hosting: Hosting
    /// What administrators change while the service runs.
    private let settings: @Sendable () async -> PanelSettings
    private let mail: (any HostingMail)?
    private let logger: Logger
    private let checker: ExpiryChecker
    private var meter: UsageMeter
    private var strays: Set<SessionID> = []

    package init(
        configuration: HostingConfiguration = HostingConfiguration(),
        hosting: Hosting,
        settings: @escaping @Sendable () async -> PanelSettings = { PanelSettings() },
        mail: (any HostingMail)? = nil,
        logger: Logger
    ) {
        self.configuration = configuration
        self.hosting = hosting
        self.settings = settings
        self.mail = mail
        self.logger = logger
        checker = ExpiryChecker(hosting: hosting)
        meter = UsageMeter(pause: configuration.pause)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    await self.each(self.configuration.write, "write") { try await self.hosting.ear.flush() }
                }
                group.addTask { await self.follow(self.hosting.access.watch()) }
                group.addTask { await self.hosting.followOthers() }
                group.addTask {
                    await self.each("check", until: self.nextCheck) { try await self.check() }
                }
                group.addTask { await self.each(self.configuration.measure, "measure") { try await self.measure() } }
                group.addTask { await self.each(self.configuration.sweep, "sweep") { try await self.sweep() } }
            }
        }
        // What the last sessions said while they were stopped.
        try? await hosting.ear.flush()
    }

    /// Stops or starts an account's bots as soon as it is suspended or restored, and wipes them once it is gone.
    private nonisolated func follow(_ changes: AsyncStream<AccountID>) async {
        for await account in changes {
            do {
                try await hosting.settleBots(of: account)
            } catch {
                // The next check finds them.
                logger.warning("An account's bots wait for the next look", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Does something now and then every so often; what fails is tried again the next time.
    private nonisolated func each(
        _ interval: Duration,
        _ name: String,
        _ work: @Sendable () async throws -> Void
    ) async {
        await each(name, until: { try? await Task.sleep(for: interval) }, work)
    }

    private nonisolated func each(
        _ name: String,
        until next: @Sendable () async -> Void,
        _ work: @Sendable () async throws -> Void
    ) async {
        while !Task.isCancelled {
            do {
                try await work()
            } catch  where !Task.isCancelled {
                logger.warning("Bots could not be looked after", metadata: ["work": "\(name)", "error": "\(error)"])
            } catch {}
            await next()
        }
    }

    /// Waits as long as the settings say, which may become less while it waits.
    private nonisolated func nextCheck() async {
        let start = ContinuousClock.now
        while !Task.isCancelled {
            let settings = await settings()
            let isChanged = settings.changed.contains(.botCheckSeconds)
            let interval = isChanged ? Duration.seconds(settings.botCheckSeconds) : configuration.check
            let rest = interval - start.duration(to: .now)
            guard rest > .zero else { return }
            try? await Task.sleep(for: min(rest, .seconds(5)))
        }
    }

    /// Ends what is over, releases what has waited, tells who must know, and puts right what is not as it should be.
    package func check() async throws {
        let now = hosting.time.date()
        for bot in try await checker.expire(at: now) {
            hosting.ear.log.write(.warning, "The approval has ended; the bot is stopped.", of: bot.id, at: now)
            await hosting.announce(bot.id, bot.session)
            try await hosting.settler.settle(bot.id, isAsked: false)
        }
        let keeper = PlanKeeper(hosting: hosting)
        try await keeper.release(at: now)
        try await keeper.stopSurplus(at: now)
        try await checker.announce(at: now, days: settings().noticeDays)
        try await hosting.tellOfParked(at: now)
        try await hosting.removeAbandoned()
        try await hosting.settler.settleAll(hosting.allBots())
        try await sendMails()
    }

    /// Takes in what sessions did since the last time, and holds back bots that are over a limit.
    package func measure() async throws {
        let figures = await hosting.scheduler.runFigures()
        let now = hosting.time.date()
        let samples = meter.take(figures, bots: hosting.ear.sessions, at: hosting.time.uptime())
        try await hosting.usage.add(samples, at: now)
        for excess in try await meter.excesses(in: hosting, at: now) {
            try await hosting.hold(excess.bot, for: excess.limit, until: excess.until, at: now)
        }
    }

    /// Removes what is no longer kept, and measures what is.
    package func sweep() async throws {
        let now = hosting.time.date()
        try await hosting.logs.sweep(at: now)
        try await hosting.usage.sweep(at: now)
        try await hosting.measureStorage()
        try await removeStrays()
    }

    private func sendMails() async throws {
        guard let mail else { return }
        let now = hosting.time.date()
        for notice in try await hosting.notices.takeUnmailed(at: now) {
            do {
                try await mail.send(notice)
                try await hosting.notices.mailed(notice.id, at: now)
            } catch {
                logger.info(
                    "A notice could not be mailed",
                    metadata: ["notice.kind": "\(notice.kind)", "error": "\(error)"]
                )
            }
        }
    }

    /// Removes bots whose account is gone, and sessions whose bot is.
    private func removeStrays() async throws {
        try await hosting.removeAbandoned()
        try await hosting.removeStaleShares()
        let known = Set(try await hosting.bots.owners().map(\.session))
        let loose = await hosting.scheduler.all().filter { $0.name.hasPrefix("bot-") && !known.contains($0.id) }
        // One that is being made has no bot yet; the second look finds only those that never got one.
        for session in loose where strays.contains(session.id) {
            hosting.ear.forget(session.id)
            try await hosting.scheduler.delete(session.id)
        }
        strays = Set(loose.map(\.id))
    }
}
