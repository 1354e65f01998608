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
        guard let account = bot.account else { return }
        try await lockBots(of: account, in: transaction)
        let (plan, _) = try await plans.plan(of: account, at: now, in: transaction)
        guard let limit = plan.sessions, try await running(of: account, besides: bot.id, in: transaction) >= limit
        else { return }
        throw HostingError.limitReached(.sessions, limit)
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
        bot.desired = Bot.Axis(false, at: now, cause: PlanLimit.sessions.rawValue)
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
