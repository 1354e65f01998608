package import Database
package import Foundation

/// One line of the audit log.
package struct AuditLine: Sendable, Equatable {
    package let id: Int64
    package let at: Date
    package let action: String
    package let actorID: AccountID?
    package let actor: String
    package let accountID: AccountID?
    package let subject: String?
    package let address: String
    /// What was changed, before and after, as JSON objects of texts.
    package let before: String?
    package let after: String?
}

/// Which lines are wanted.
package struct AuditFilter: Sendable, Equatable {
    /// The beginning of an action's name: `admin.` for all of that kind.
    package var action: String?
    package var account: AccountID?
    /// Part of the actor's name, the subject or the address.
    package var text: String?
    package var since: Date?
    package var until: Date?
    /// Only lines older than this one.
    package var before: Int64?

    package init() {}
}

/// Who did what, from where, and what it was before and after; lines are only ever added.
package struct AuditLog: Sendable {
    let database: Database

    package init(database: Database) {
        self.database = database
    }

    /// Adds a line about something that a viewer did.
    ///
    /// Pass the transaction of the change itself, so that neither is without the other. An administrator who looks on as
    /// somebody else is the one who did it.
    package func record(
        _ action: AuditAction,
        by viewer: Viewer,
        account: AccountID? = nil,
        subject: String? = nil,
        before: [String: String]? = nil,
        after: [String: String]? = nil,
        on runner: (any StatementRunner)? = nil
    ) async throws {
        let actor = viewer.impersonator ?? viewer.account
        try await record(
            action,
            actor: actor,
            account: account ?? viewer.account.id,
            subject: subject,
            caller: viewer.caller,
            before: before,
            after: after,
            on: runner
        )
    }

    /// Adds a line about something that an account did, or nobody whom we know.
    package func record(
        _ action: AuditAction,
        actor: Account?,
        account: AccountID?,
        subject: String? = nil,
        caller: Caller,
        before: [String: String]? = nil,
        after: [String: String]? = nil,
        on runner: (any StatementRunner)? = nil
    ) async throws {
        let name = actor.map(\.email.text) ?? ""
        let statement: SQL = """
            INSERT INTO audit_log (action, actor_id, actor, account_id, subject, address, before, after)
            VALUES (\(action.text), \(actor?.id), \(name), \(account), \(subject?.storable(300)),
                \(caller.address), \(try Self.json(before)), \(try Self.json(after)))
            """
        if let runner {
            try await runner.execute(statement)
        } else {
            try await database.execute(statement)
        }
    }

    /// The newest lines that fit, newest first.
    package func lines(_ filter: AuditFilter, limit: Int) async throws -> [AuditLine] {
        let pattern = filter.text.map { "%" + Self.escaped($0) + "%" }
        let action = filter.action.map { Self.escaped($0) + "%" }
        let rows = try await database.query(
            """
            SELECT id, at, action, actor_id, actor, account_id, subject, address, before, after FROM audit_log
            WHERE (\(filter.before)::bigint IS NULL OR id < \(filter.before))
                AND (\(action)::text IS NULL OR action LIKE \(action))
                AND (\(filter.account)::uuid IS NULL OR account_id = \(filter.account) OR actor_id = \(filter.account))
                AND (\(filter.since)::timestamptz IS NULL OR at >= \(filter.since))
                AND (\(filter.until)::timestamptz IS NULL OR at < \(filter.until))
                AND (\(pattern)::text IS NULL OR actor ILIKE \(pattern) OR subject ILIKE \(pattern)
                    OR address ILIKE \(pattern))
            ORDER BY id DESC LIMIT \(limit)
            """
        )
        return try rows.map { row in
            AuditLine(
                id: try row.decode("id"),
                at: try row.decode("at"),
                action: try row.decode("action"),
                actorID: try row.decodeIfPresent("actor_id"),
                actor: try row.decode("actor"),
                accountID: try row.decodeIfPresent("account_id"),
                subject: try row.decodeIfPresent("subject"),
                address: try row.decode("address"),
                before: try row.decodeIfPresent("before"),
                after: try row.decodeIfPresent("after")
            )
        }
    }

    /// The text with everything that LIKE reads in its own way made plain.
    static func escaped(_ text: String) -> String {
        text.replacing("\0", with: "").replacing("\\", with: "\\\\").replacing("%", with: "\\%")
            .replacing("_", with: "\\_")
    }

    private static func json(_ values: [String: String]?) throws -> JSONText? {
        guard let values else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return JSONText(String(decoding: try encoder.encode(values), as: UTF8.self))
    }
}
