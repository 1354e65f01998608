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

    package func find(_ id: String, in runner: (any StatementRunner)? = nil) async throws -> Plan? {
        try await (runner ?? database).queryOne("\(Self.columns) FROM plans WHERE id = \(id)").map(Self.plan)
    }

    /// The plan that an account has at that time.
    ///
    /// The standard plan does not limit an administrator; one that was given to them does.
    package func plan(of account: AccountID, at now: Date, in runner: (any StatementRunner)? = nil) async throws
        -> (plan: Plan, until: Date?)
    {
        let row = try await (runner ?? database).queryOne(
            """
            \(Self.columns), subscription.until,
                subscription.account_id IS NULL AND \(AccountFacts.isAdministrator("\(account)")) AS is_free
            FROM plans
            LEFT JOIN subscriptions AS subscription
                ON subscription.plan_id = plans.id AND subscription.account_id = \(account)
                AND (subscription.until IS NULL OR subscription.until > \(now))
            WHERE subscription.account_id IS NOT NULL OR is_standard
            ORDER BY subscription.account_id IS NULL LIMIT 1
            """
        )
        guard let row else { throw HostingError.unknownPlan }
        let plan = try Self.plan(row)
        return (try row.decode("is_free") ? plan.unlimited : plan, try row.decodeIfPresent("until"))
    }

    /// Puts an account on a plan; nil `until` for no end.
    package func subscribe(_ account: AccountID, to plan: String, until: Date?, at now: Date) async throws {
        try await database.withTransaction {
            try await subscribe(account, to: plan, until: until, at: now, in: $0)
        }
    }

    func subscribe(
        _ account: AccountID,
        to plan: String,
        until: Date?,
        at now: Date,
        in transaction: Transaction
    ) async throws {
        do {
            try await transaction.execute(
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
        try await database.withTransaction { try await create(plan, in: $0) }
    }

    func create(_ plan: Plan, in transaction: Transaction) async throws {
        try plan.check()
        do {
            try await transaction.execute(
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
        try await database.withTransaction { try await update(plan, in: $0) }
    }

    func update(_ plan: Plan, in transaction: Transaction) async throws {
        try plan.check()
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

    /// Joins `plans` to `bots` with the plan that limits each; none does where nothing limits it.
    static func limiting(at now: Date) -> SQL {
        """
        LEFT JOIN subscriptions AS subscription ON subscription.account_id = bots.account_id
            AND (subscription.until IS NULL OR subscription.until > \(now))
        LEFT JOIN plans ON plans.id = subscription.plan_id
            OR (subscription.plan_id IS NULL AND plans.is_standard
                AND NOT \(AccountFacts.isAdministrator("bots.account_id")))
        """
    }

    /// Removes a plan that nobody has.
    package func delete(_ id: String) async throws {
        try await database.withTransaction { try await delete(id, in: $0) }
    }

    func delete(_ id: String, in transaction: Transaction) async throws {
        do {
            let removed = try await transaction.execute("DELETE FROM plans WHERE id = \(id) AND NOT is_standard")
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
