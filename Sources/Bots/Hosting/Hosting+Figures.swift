package import Accounts
import Database
import Fleet
package import Foundation

/// How many of something happened on a day, under a plan.
package struct DeploymentCount: Sendable, Equatable {
    /// `2026-11-21`.
    package let day: String
    package let plan: String
    package let kind: String
    package let count: Int
}

extension Hosting {
    /// What a bot did and cost, point by point.
    package func usage(of id: BotID, span: UsageSpan, for caller: BotCaller) async throws -> [UsagePoint] {
        let (bot, _) = try await find(id, for: caller)
        return try await usage.points(of: [bot.id], span: span, at: time.date())
    }

    /// The same of all bots of an account together.
    package func usage(of account: AccountID, span: UsageSpan) async throws -> [UsagePoint] {
        let rows = try await database.query(
            "SELECT id FROM bots WHERE account_id = \(account) AND server = \(server)"
        )
        return try await usage.points(of: rows.map { try $0.decode("id") }, span: span, at: time.date())
    }

    /// Messages of each of the bots on this day.
    package func messagesToday(of bots: [BotID]) async throws -> [BotID: Int] {
        try await usage.messagesToday(bots, at: time.date())
    }

    /// The lines of a bot's log that the query allows, oldest first, up to this moment.
    package func log(of id: BotID, _ query: LogQuery, for caller: BotCaller) async throws -> [BotLogLine] {
        let (bot, _) = try await find(id, for: caller)
        try await ear.log.flush()
        return try await logs.lines(of: bot.id, query)
    }

    /// The bot's log from now on; what was written before is for ``log(of:_:for:)``.
    package func watchLog(of id: BotID, for caller: BotCaller) async throws -> AsyncStream<BotLogLine> {
        let (bot, _) = try await find(id, for: caller)
        return ear.log.watch(bot.id)
    }

    /// Lines of all bots of the server, newest first.
    package func searchLogs(_ query: LogQuery, by caller: BotCaller) async throws -> [FoundLine] {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        try await ear.log.flush()
        return try await logs.search(query)
    }

    /// What was created, approved, renewed, expired, rejected and deleted since a day, by day and plan.
    package func deployments(since start: Date, by caller: BotCaller) async throws -> [DeploymentCount] {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        return try await database.query(
            """
            SELECT to_char(day, 'YYYY-MM-DD') AS day, plan_id, kind, count FROM bot_statistics
            WHERE server = \(server) AND day >= (\(start) AT TIME ZONE 'UTC')::date
            ORDER BY day, plan_id, kind
            """
        ).map { row in
            DeploymentCount(
                day: try row.decode("day"),
                plan: try row.decode("plan_id"),
                kind: try row.decode("kind"),
                count: try row.decode("count")
            )
        }
    }

    // MARK: Plans

    /// Makes or changes a plan; `isNew` when there must be none of its id.
    package func save(_ plan: Plan, isNew: Bool, by caller: BotCaller) async throws {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        try await database.withTransaction { transaction in
            let old = isNew ? nil : try await plans.find(plan.id, in: transaction)
            if isNew {
                try await plans.create(plan, in: transaction)
            } else {
                try await plans.update(plan, in: transaction)
            }
            let new = try await plans.find(plan.id, in: transaction)
            let change = AuditedChange(from: old?.audited ?? [:], to: new?.audited ?? [:])
            try await note(
                .planChanged,
                plan.id,
                by: caller,
                before: change.before,
                after: change.after,
                in: transaction
            )
        }
        try await followPlans(after: .plan(plan.id))
    }

    package func deletePlan(_ id: String, by caller: BotCaller) async throws {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        try await database.withTransaction { transaction in
            let old = try await plans.find(id, in: transaction)
            try await plans.delete(id, in: transaction)
            try await note(.planDeleted, id, by: caller, before: old?.audited, in: transaction)
        }
    }

    /// Puts an account on a plan; nil `until` for no end.
    package func give(_ plan: String, to account: AccountID, until: Date?, by caller: BotCaller) async throws {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        let now = time.date()
        try await database.withTransaction { transaction in
            let (old, end) = try await plans.plan(of: account, at: now, in: transaction)
            try await plans.subscribe(account, to: plan, until: until, at: now, in: transaction)
            try await note(
                .planGiven,
                plan,
                account: account,
                by: caller,
                before: ["plan": old.id, "until": end?.formatted(.iso8601) ?? "none"],
                after: ["plan": plan, "until": until?.formatted(.iso8601) ?? "none"],
                in: transaction
            )
        }
        try await followPlans(after: .account(account))
    }

    private func note(
        _ action: AuditAction,
        _ subject: String,
        account: AccountID? = nil,
        by caller: BotCaller,
        before: [String: String]? = nil,
        after: [String: String]? = nil,
        in transaction: Transaction
    ) async throws {
        guard let viewer = caller.viewer else { return }
        try await audit.record(
            action,
            by: viewer,
            account: account,
            subject: subject,
            before: before,
            after: after,
            on: transaction
        )
    }

    // MARK: Maintenance

    /// What people are told while the server is being worked on; nil when it is not.
    package func maintenance() async throws -> String? {
        try await maintenance(in: database)
    }

    /// Throws while the server is being worked on, except for administrators.
    func requireOpen(for caller: BotCaller) async throws {
        if !caller.isAdministrator { try await requireOpen() }
    }

    /// Throws while the server is being worked on.
    package func requireOpen() async throws {
        if try await maintenance() != nil { throw HostingError.inMaintenance }
    }

    private func maintenance(in runner: any StatementRunner) async throws -> String? {
        let row = try await runner.queryOne(
            "SELECT maintenance_text FROM server_states WHERE server = \(server) AND is_in_maintenance"
        )
        guard let row else { return nil }
        return try row.decodeIfPresent("maintenance_text") ?? ""
    }

    /// Switches maintenance on with a text, or off with nil.
    package func setMaintenance(_ text: String?, by caller: BotCaller) async throws {
        guard caller.isAdministrator else { throw HostingError.notAllowed }
        let words = text.map { String($0.prefix(500)) }
        try await database.withTransaction { transaction in
            let before = try await maintenance(in: transaction)
            try await note(
                .maintenanceSwitched,
                server,
                by: caller,
                before: ["maintenance": before ?? "off"],
                after: ["maintenance": words ?? "off"],
                in: transaction
            )
            try await transaction.execute(
                """
                INSERT INTO server_states (server, is_in_maintenance, maintenance_text)
                VALUES (\(server), \(words != nil), \(words))
                ON CONFLICT (server) DO UPDATE SET
                    is_in_maintenance = EXCLUDED.is_in_maintenance, maintenance_text = EXCLUDED.maintenance_text,
                    version = server_states.version + 1
                """
            )
        }
    }
}
