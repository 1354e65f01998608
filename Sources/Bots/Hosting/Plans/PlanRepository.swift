package import Accounts
package import Database
package import Foundation

/// Plans, and who has which.
package struct PlanRepository: Sendable {
    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package func all() async throws -> [Plan] {
        try await database.query("\(Self.columns) FROM plans ORDER BY is_standard DESC, created_at, id").map(Self.plan)
    }

    package func find(_ id: String) async throws -> Plan? {
        try await database.queryOne("\(Self.columns) FROM plans WHERE id = \(id)").map(Self.plan)
    }

    /// The plan that an account has at that time.
    package func plan(of account: AccountID, at now: Date, in runner: (any StatementRunner)? = nil) async throws
        -> (plan: Plan, until: Date?)
    {
        let row = try await (runner ?? database).queryOne(
            """
            \(Self.columns), subscription.until
            FROM plans
            LEFT JOIN subscriptions AS subscription
                ON subscription.plan_id = plans.id AND subscription.account_id = \(account)
                AND (subscription.until IS NULL OR subscription.until > \(now))
            WHERE subscription.account_id IS NOT NULL OR is_standard
            ORDER BY subscription.account_id IS NULL LIMIT 1
            """
        )
        guard let row else { throw HostingError.unknownPlan }
        return (try Self.plan(row), try row.decodeIfPresent("until"))
    }

    /// Puts an account on a plan; nil `until` for no end.
    package func subscribe(_ account: AccountID, to plan: String, until: Date?, at now: Date) async throws {
        do {
            try await database.execute(
                """
                INSERT INTO subscriptions (account_id, plan_id, since, until)
                VALUES (\(account), \(plan), \(now), \(until))
                ON CONFLICT (account_id) DO UPDATE
                SET plan_id = EXCLUDED.plan_id, since = EXCLUDED.since, until = EXCLUDED.until
                """
            )
        } catch DatabaseError.foreignKeyViolation {
            throw HostingError.unknownPlan
        }
    }

    /// Makes a plan.
    package func create(_ plan: Plan) async throws {
        try plan.check()
        do {
            try await database.execute(
                """
                INSERT INTO plans (
                    id, name, is_standard, approves, approval_months, bots, sessions, messages_per_day, storage_bytes,
                    log_days, processor_percent, memory_bytes
                ) VALUES (
                    \(plan.id), \(plan.name), false, \(plan.approves), \(plan.approvalDuration.rawValue), \(plan.bots),
                    \(plan.sessions), \(plan.messagesPerDay), \(plan.storage), \(plan.logDays),
                    \(plan.processorPercent), \(plan.memory)
                )
                """
            )
        } catch DatabaseError.uniqueViolation {
            throw HostingError.invalidPlan(field: "id")
        }
    }

    /// Changes everything of a plan but its id, unless somebody else has since `plan.version`.
    package func update(_ plan: Plan) async throws {
        try plan.check()
        try await database.withTransaction { transaction in
            if plan.isStandard {
                try await transaction.execute(
                    "UPDATE plans SET is_standard = false WHERE is_standard AND id <> \(plan.id)"
                )
            }
            let changed = try await transaction.execute(
                """
                UPDATE plans SET
                    name = \(plan.name), is_standard = is_standard OR \(plan.isStandard), approves = \(plan.approves),
                    approval_months = \(plan.approvalDuration.rawValue), bots = \(plan.bots),
                    sessions = \(plan.sessions), messages_per_day = \(plan.messagesPerDay),
                    storage_bytes = \(plan.storage), log_days = \(plan.logDays),
                    processor_percent = \(plan.processorPercent), memory_bytes = \(plan.memory), version = version + 1
                WHERE id = \(plan.id) AND version = \(plan.version)
                """
            )
            guard changed == 1 else { throw HostingError.changedMeanwhile }
        }
    }

    /// Removes a plan that nobody has.
    package func delete(_ id: String) async throws {
        do {
            let removed = try await database.execute("DELETE FROM plans WHERE id = \(id) AND NOT is_standard")
            guard removed == 1 else { throw HostingError.planInUse }
        } catch DatabaseError.foreignKeyViolation {
            throw HostingError.planInUse
        }
    }

    private static let columns: SQL = """
        SELECT plans.id, plans.name, is_standard, approves, approval_months, plans.bots, plans.sessions,
            messages_per_day, plans.storage_bytes, log_days, processor_percent, memory_bytes, plans.version
        """

    static func plan(_ row: Row) throws -> Plan {
        Plan(
            id: try row.decode("id"),
            name: try row.decode("name"),
            isStandard: try row.decode("is_standard"),
            approves: try row.decode("approves"),
            approvalDuration: ApprovalDuration(rawValue: try row.decode("approval_months")) ?? .oneMonth,
            bots: try row.decodeIfPresent("bots"),
            sessions: try row.decodeIfPresent("sessions"),
            messagesPerDay: try row.decodeIfPresent("messages_per_day"),
            storage: try row.decodeIfPresent("storage_bytes"),
            logDays: try row.decode("log_days"),
            processorPercent: try row.decodeIfPresent("processor_percent"),
            memory: try row.decodeIfPresent("memory_bytes"),
            version: try row.decode("version")
        )
    }
}
