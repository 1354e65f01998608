import Accounts
import Database
import Fleet
import Foundation

extension Hosting {
    /// Lets a new bot run for so many months, and starts it.
    package func approve(_ id: BotID, for duration: ApprovalDuration, by caller: BotCaller, version: Int? = nil)
        async throws -> Bot
    {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        let bot = try await change(id, by: caller, atLeast: .own, version: version) { bot, transaction, now in
            let before = bot.auditedApproval
            try bot.approve(for: duration, by: caller.shownName(to: bot.account), at: now)
            try await fit(&bot, at: now, in: transaction)
            try await record(.botApproved, bot, by: caller, before: before, after: bot.auditedApproval, in: transaction)
            try await write(.approved, of: bot, by: caller, duration, at: now, in: transaction)
            try await notices.tell(
                .approved,
                of: bot,
                to: bot.account,
                detail: "\(duration.rawValue)",
                occasion: "\(bot.version)",
                at: now,
                in: transaction
            )
        }
        ear.log.write(.info, "The bot has been approved.", of: id, at: time.date())
        noteLimit(of: bot)
        try await settler.settle(id, isAsked: true)
        return bot
    }

    package func reject(_ id: BotID, by caller: BotCaller, version: Int? = nil) async throws -> Bot {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        let bot = try await change(id, by: caller, atLeast: .own, version: version) { bot, transaction, now in
            let before = bot.auditedApproval
            try bot.reject(by: caller.shownName(to: bot.account), at: now)
            try await record(.botRejected, bot, by: caller, before: before, after: bot.auditedApproval, in: transaction)
            try await BotHistory.write(.rejected, of: bot, by: caller, at: now, in: transaction)
            try await BotStatistics.count(.rejected, of: bot, at: now, in: transaction)
            try await notices.tell(
                .rejected,
                of: bot,
                to: bot.account,
                occasion: "\(bot.version)",
                at: now,
                in: transaction
            )
        }
        try await scheduler.stopLinking(bot.session)
        try await settler.settle(id, isAsked: false)
        return bot
    }

    /// Adds months from the later of now and the end, and starts a bot again that had expired.
    package func renew(_ id: BotID, for duration: ApprovalDuration, by caller: BotCaller, version: Int? = nil)
        async throws -> Bot
    {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        let bot = try await change(id, by: caller, atLeast: .own, version: version) { bot, transaction, now in
            let before = bot.auditedApproval
            try bot.renew(for: duration, by: caller.shownName(to: bot.account), at: now)
            try await notices.withdraw([.expiresSoon, .expired], of: id, at: now, in: transaction)
            try await fit(&bot, at: now, in: transaction)
            try await record(.botRenewed, bot, by: caller, before: before, after: bot.auditedApproval, in: transaction)
            try await write(.renewed, of: bot, by: caller, duration, at: now, in: transaction)
            try await notices.tell(
                .renewed,
                of: bot,
                to: bot.account,
                detail: "\(duration.rawValue)",
                occasion: "\(bot.version)",
                at: now,
                in: transaction
            )
        }
        ear.log.write(.info, "The bot has been renewed.", of: id, at: time.date())
        noteLimit(of: bot)
        try await settler.settle(id, isAsked: true)
        return bot
    }

    /// Notes that the owner wants more time, for an administrator to see.
    package func askForRenewal(_ id: BotID, for duration: ApprovalDuration, by caller: BotCaller) async throws -> Bot {
        try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            guard bot.approval.value == .approved || bot.approval.value == .expired else {
                throw HostingError.wrongApproval(bot.approval.value)
            }
            bot.renewal = Bot.RenewalWish(duration: duration, at: now)
            try await BotHistory.write(
                .renewalAsked,
                of: bot,
                by: caller,
                detail: .months(duration),
                at: now,
                in: transaction
            )
        }
    }

    /// Says in the bot's log why it does not start by itself.
    func noteLimit(of bot: Bot) {
        guard !bot.desired.value, bot.desired.cause == PlanLimit.sessions.rawValue else { return }
        ear.log.write(
            .warning,
            "The plan lets no further bot run at once: stop another one, then start this one.",
            of: bot.id,
            at: time.date()
        )
    }

    private func write(
        _ kind: HistoryKind,
        of bot: Bot,
        by caller: BotCaller,
        _ duration: ApprovalDuration,
        at now: Date,
        in transaction: Transaction
    ) async throws {
        try await BotHistory.write(kind, of: bot, by: caller, detail: .months(duration), at: now, in: transaction)
        try await BotStatistics.count(kind, of: bot, at: now, in: transaction)
    }
}
