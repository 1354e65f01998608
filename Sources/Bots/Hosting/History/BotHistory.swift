import Accounts
import Database
package import Foundation

/// One thing that was done with a bot.
package struct HistoryEntry: Sendable, Equatable {
    package let number: Int
    package let kind: HistoryKind
    package let detail: HistoryDetail?
    package let actor: String
    package let at: Date
}

/// What can be done with a bot.
package enum HistoryKind: String, Sendable, CaseIterable {
    case created
    case approved
    case rejected
    case renewed
    case expired
    case started
    case stopped
    case restarted
    case redeployed
    case linked
    case linkLost = "link_lost"
    case environment
    case settings
    case schedule
    case held
    case released
    case shared
    case unshared
    case transferOffered = "transfer_offered"
    case transferred
    case renewalAsked = "renewal_asked"
}

/// Who did what with bots.
struct BotHistory: Sendable {
    let database: Database

    /// Newest first, from before `number` on; which administrator did something is for administrators to know.
    func list(_ bot: BotID, before number: Int?, limit: Int, namesStaff: Bool) async throws -> [HistoryEntry] {
        try await database.query(
            """
            SELECT number, kind, code, detail, actor, is_staff, at FROM bot_history
            WHERE bot_id = \(bot) AND number < \(number ?? Int.max)
            ORDER BY number DESC LIMIT \(min(max(limit, 1), 200))
            """
        ).compactMap { row in
            guard let kind = HistoryKind(rawValue: try row.decode("kind")) else { return nil }
            return HistoryEntry(
                number: try row.decode("number"),
                kind: kind,
                detail: try detail(row),
                actor: try namesStaff || !row.decode("is_staff") ? row.decode("actor") : BotCaller.staff,
                at: try row.decode("at")
            )
        }
    }

    private func detail(_ row: Row) throws -> HistoryDetail? {
        let code = try row.decodeIfPresent("code", as: String.self)
        guard let value = try row.decodeIfPresent("detail", as: String.self) else { return nil }
        return HistoryDetail(code.flatMap(HistoryDetail.Code.init), value)
    }

    static func write(
        _ kind: HistoryKind,
        of bot: Bot,
        by caller: BotCaller?,
        detail: HistoryDetail? = nil,
        at now: Date,
        in runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            INSERT INTO bot_history (bot_id, kind, code, detail, actor_id, actor, is_staff, at)
            VALUES (
                \(bot.id), \(kind.rawValue), \(detail?.code?.rawValue), \(detail?.value), \(caller?.actor),
                \(caller?.name ?? "Wharf"), \(caller?.isStaff(for: bot.account) ?? false), \(now)
            )
            """
        )
    }
}

/// Counts for the analysis of deployments, by day and plan.
struct BotStatistics: Sendable {
    /// Counts a bot that is removed: as deleted, and as churned where it had ever been let run.
    static func countEnd(of bot: Bot, at now: Date, in runner: any StatementRunner) async throws {
        try await count("deleted", server: bot.server, account: bot.account, at: now, in: runner)
        guard bot.approvedAt != nil else { return }
        try await count("churned", server: bot.server, account: bot.account, at: now, in: runner)
    }

    static func count(
        _ kind: HistoryKind,
        of bot: Bot,
        at now: Date,
        in runner: any StatementRunner
    ) async throws {
        try await count(kind.rawValue, server: bot.server, account: bot.account, at: now, in: runner)
    }

    static func count(
        _ kind: String,
        server: String,
        account: AccountID?,
        at now: Date,
        in runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            INSERT INTO bot_statistics (day, server, plan_id, kind, count)
            SELECT (\(now) AT TIME ZONE 'UTC')::date, \(server)::text,
                COALESCE(
                    (SELECT plan_id FROM subscriptions
                        WHERE account_id = \(account) AND (until IS NULL OR until > \(now))),
                    (SELECT id FROM plans WHERE is_standard), 'none'
                ), \(kind)::text, 1
            ON CONFLICT (day, server, plan_id, kind) DO UPDATE SET count = bot_statistics.count + 1
            """
        )
    }
}
