import Accounts
import Database
import Fleet
import Foundation

/// Keeps bots within what their owners' plans allow, also where a plan has become another.
struct PlanKeeper: Sendable {
    let hosting: Hosting

    /// A plan that has changed, or that somebody was given.
    enum Change: Sendable {
        case plan(String)
        case account(AccountID)
    }

    /// Lets go of bots that waited for a limit long enough, or that it no longer reaches.
    ///
    /// What a bot takes of the machine cannot be measured while it waits: after a change of its plan it is tried anew.
    func release(at now: Date, after change: Change? = nil) async throws {
        let plan: String? = if case .plan(let id) = change { id } else { nil }
        let account: AccountID? = if case .account(let id) = change { id } else { nil }
        let today = UsageResolution.day.beginning(of: now)
        let due = try await hosting.database.query(
            """
            SELECT bots.id FROM bots \(PlanRepository.limiting(at: now))
            WHERE bots.server = \(hosting.server) AND CASE bots.held_cause
                WHEN 'storage' THEN plans.storage_bytes IS NULL OR plans.storage_bytes >= (
                    SELECT sum(own.storage_bytes) FROM bots AS own WHERE own.account_id = bots.account_id)
                WHEN 'messages' THEN bots.held_until <= \(now) OR plans.messages_per_day IS NULL
                    OR plans.messages_per_day > COALESCE((
                        SELECT sum(received + sent) FROM bot_usage JOIN bots AS own ON own.id = bot_usage.bot_id
                        WHERE own.account_id = bots.account_id AND resolution = 3 AND at = \(today)), 0)
                ELSE bots.held_until <= \(now) OR plans.id IS NULL
                    OR COALESCE(plans.id = \(plan), false) OR COALESCE(bots.account_id = \(account), false)
                END
            """
        )
        for row in due {
            let id: BotID = try row.decode("id")
            let isReleased = try await changeIfThere(id) { bot, transaction, now in
                guard let hold = bot.hold else { return false }
                bot.hold = nil
                let limit = HistoryDetail(.limit, hold.limit.rawValue)
                try await BotHistory.write(.released, of: bot, by: nil, detail: limit, at: now, in: transaction)
                return true
            }
            guard isReleased else { continue }
            hosting.ear.log.write(.info, "The plan's limit no longer holds the bot back.", of: id, at: now)
        }
    }

    /// Turns off what runs beyond the number that a plan lets run at once: what was started last goes first.
    func stopSurplus(at now: Date) async throws {
        let surplus = try await hosting.database.query(
            """
            SELECT id FROM (
                SELECT bots.id, bots.server, plans.sessions,
                    row_number() OVER (PARTITION BY bots.account_id ORDER BY bots.desired_at, bots.id) AS place
                FROM bots \(PlanRepository.limiting(at: now))
                WHERE bots.approval = 'approved' AND bots.is_desired AND bots.account_id IS NOT NULL
            ) AS wanted
            WHERE place > sessions AND server = \(hosting.server) ORDER BY place DESC
            """
        )
        for row in surplus {
            let id: BotID = try row.decode("id")
            let isStopped = try await changeIfThere(id) { bot, transaction, now in
                guard bot.desired.value, bot.approval.value == .approved,
                    try await !hosting.hasSession(for: bot, at: now, in: transaction)
                else { return false }
                try await hosting.turnOff(&bot, at: now, in: transaction)
                return true
            }
            guard isStopped else { continue }
            let words = "The plan lets fewer bots run at once: the one that was started last is stopped."
            hosting.ear.log.write(.warning, words, of: id, at: now)
            try await hosting.settler.settle(id, isAsked: false)
        }
    }

    /// Turns on again what a plan had turned off, as far as it has room now: what was stopped last comes back first.
    func resume(at now: Date) async throws {
        let stopped = try await hosting.database.query(
            """
            SELECT id FROM bots
            WHERE server = \(hosting.server) AND approval = 'approved' AND NOT is_desired
                AND desired_cause = \(PlanLimit.sessions.rawValue)
            ORDER BY desired_at DESC, created_at, id
            """
        )
        for row in stopped {
            let id: BotID = try row.decode("id")
            let isOn = try await changeIfThere(id) { bot, transaction, now in
                guard !bot.desired.value, bot.desired.cause == PlanLimit.sessions.rawValue, bot.isApproved(at: now),
                    try await hosting.hasSession(for: bot, at: now, in: transaction)
                else { return false }
                bot.desired = Bot.Axis(true, at: now, cause: "plan")
                let limit = HistoryDetail(.limit, PlanLimit.sessions.rawValue)
                try await BotHistory.write(.released, of: bot, by: nil, detail: limit, at: now, in: transaction)
                return true
            }
            if isOn { try await hosting.settler.settle(id, isAsked: true) }
        }
    }

    /// False also for a bot that has gone meanwhile.
    private func changeIfThere(
        _ id: BotID,
        _ body: (inout Bot, Transaction, Date) async throws -> Bool
    ) async throws -> Bool {
        var isChanged = false
        do {
            _ = try await hosting.change(id, by: nil, atLeast: .own, version: nil) { bot, transaction, now in
                isChanged = try await body(&bot, transaction, now)
            }
        } catch HostingError.unknownBot {
            return false
        }
        return isChanged
    }
}

extension Hosting {
    /// Brings bots where they are to be after a plan was changed, or given to somebody.
    func followPlans(after change: PlanKeeper.Change) async throws {
        let now = time.date()
        let keeper = PlanKeeper(hosting: self)
        try await keeper.release(at: now, after: change)
        try await keeper.stopSurplus(at: now)
        try await keeper.resume(at: now)
        try await settler.settleAll(allBots())
    }
}
