import Accounts
import Database
import Foundation

// What the plan still has room for. Each question is asked under the account's lock, which lasts until the transaction ends, so
// that two that ask at once do not both get the last place. Whoever locks a bot's row as well does that first.
extension Hosting {
    /// Lets one transaction at a time count an account's bots.
    func lockBots(of account: AccountID, in transaction: Transaction) async throws {
        try await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("wharf.bots.\(account)"), 0))")
    }

    /// Throws when the plan has no room for a further bot.
    func requireRoom(in plan: Plan, for account: AccountID, in runner: any StatementRunner) async throws {
        guard let limit = plan.bots else { return }
        let row = try await runner.queryOne("SELECT count(*) AS count FROM bots WHERE account_id = \(account)")
        guard try row?.decode("count") ?? 0 < limit else { throw HostingError.limitReached(.bots, limit) }
    }

    /// Throws when the plan lets no further bot run.
    func requireSession(for bot: Bot, at now: Date, in transaction: Transaction) async throws {
        guard let limit = try await fullSessions(besides: bot, at: now, in: transaction) else { return }
        throw HostingError.limitReached(.sessions, limit)
    }

    /// Whether the plan lets this bot run beside the others.
    func hasSession(for bot: Bot, at now: Date, in transaction: Transaction) async throws -> Bool {
        try await fullSessions(besides: bot, at: now, in: transaction) == nil
    }

    /// How many bots the plan lets run at once, where that many others do already.
    private func fullSessions(besides bot: Bot, at now: Date, in transaction: Transaction) async throws -> Int? {
        guard let account = bot.account else { return nil }
        try await lockBots(of: account, in: transaction)
        let (plan, _) = try await plans.plan(of: account, at: now, in: transaction)
        guard let limit = plan.sessions, try await running(of: account, besides: bot.id, in: transaction) >= limit
        else { return nil }
        return limit
    }

    /// Fits a bot that has just been approved, renewed or handed over into the owner's plan.
    ///
    /// Throws when the plan has no room for another approved bot. Where it lets no other run at once, the bot stays off, and its
    /// owner chooses which one runs.
    func fit(_ bot: inout Bot, at now: Date, in transaction: Transaction) async throws {
        guard let account = bot.account, bot.approval.value == .approved else { return }
        try await lockBots(of: account, in: transaction)
        let (plan, _) = try await plans.plan(of: account, at: now, in: transaction)
        if let limit = plan.bots {
            let row = try await transaction.queryOne(
                """
                SELECT count(*) AS count FROM bots
                WHERE account_id = \(account) AND id <> \(bot.id) AND approval = 'approved'
                """
            )
            guard try row?.decode("count") ?? 0 < limit else { throw HostingError.limitReached(.bots, limit) }
        }
        guard bot.desired.value, let limit = plan.sessions,
            try await running(of: account, besides: bot.id, in: transaction) >= limit
        else { return }
        try await turnOff(&bot, at: now, in: transaction)
    }

    /// Turns a bot off that is more than the plan lets run at once, and says so to its owner.
    func turnOff(_ bot: inout Bot, at now: Date, in transaction: Transaction) async throws {
        let cause = PlanLimit.sessions.rawValue
        bot.desired = Bot.Axis(false, at: now, cause: cause)
        let detail = HistoryDetail(.limit, cause)
        try await BotHistory.write(.held, of: bot, by: nil, detail: detail, at: now, in: transaction)
        try await notices.tell(
            .held,
            of: bot,
            to: bot.account,
            detail: cause,
            occasion: "\(cause):\(bot.version)",
            at: now,
            in: transaction
        )
    }

    /// How many other bots of the account are to run.
    private func running(of account: AccountID, besides bot: BotID, in transaction: Transaction) async throws -> Int {
        let row = try await transaction.queryOne(
            """
            SELECT count(*) AS count FROM bots
            WHERE account_id = \(account) AND id <> \(bot) AND approval = 'approved' AND is_desired
            """
        )
        return try row?.decode("count") ?? 0
    }
}
