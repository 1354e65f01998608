package import Accounts
package import Database
package import Foundation

/// What accounts have been told.
package struct NoticeRepository: Sendable {
    private let database: Database
    private let server: String

    package init(database: Database, server: String) {
        self.database = database
        self.server = server
    }

    /// Tells once; an occasion that there has been already is passed over.
    func tell(
        _ kind: NoticeKind,
        of bot: Bot,
        to account: AccountID?,
        detail: String? = nil,
        occasion: String,
        at now: Date,
        in runner: any StatementRunner
    ) async throws {
        guard let account else { return }
        try await runner.execute(
            """
            INSERT INTO bot_notices (account_id, bot_id, server, kind, bot_name, detail, created_at, occasion)
            VALUES (
                \(account), \(bot.id), \(server), \(kind.rawValue), \(bot.name), \(detail), \(now),
                \("\(kind.rawValue):\(bot.id):\(occasion)")
            )
            ON CONFLICT (occasion) DO NOTHING
            """
        )
    }

    /// Puts away what is no longer so.
    func withdraw(_ kinds: [NoticeKind], of bot: BotID, at now: Date, in runner: any StatementRunner) async throws {
        try await runner.execute(
            """
            UPDATE bot_notices SET seen_at = \(now), mailed_at = COALESCE(mailed_at, \(now))
            WHERE bot_id = \(bot) AND kind = ANY (\(kinds.map(\.rawValue))) AND seen_at IS NULL
            """
        )
    }

    /// The newest that have not been put away.
    package func open(for account: AccountID, limit: Int = 20) async throws -> [BotNotice] {
        try await database.query(
            """
            \(Self.columns) WHERE account_id = \(account) AND server = \(server) AND seen_at IS NULL
            ORDER BY id DESC LIMIT \(min(max(limit, 1), 100))
            """
        ).compactMap(Self.notice)
    }

    /// Puts a notice away; false where the account has none of that number.
    @discardableResult
    package func dismiss(_ id: Int, of account: AccountID, at now: Date) async throws -> Bool {
        let changed = try await database.execute(
            """
            UPDATE bot_notices SET seen_at = COALESCE(seen_at, \(now))
            WHERE id = \(id) AND account_id = \(account) AND server = \(server)
            """
        )
        return changed > 0
    }

    /// Takes notices that are to be mailed; each is given to one taker at a time, five times at most.
    func takeUnmailed(at now: Date, limit: Int = 50) async throws -> [BotNotice] {
        try await database.query(
            """
            UPDATE bot_notices SET mail_tries = mail_tries + 1
            WHERE id IN (
                SELECT id FROM bot_notices
                WHERE server = \(server) AND mailed_at IS NULL AND mail_tries < 5
                    AND created_at > \(now.addingTimeInterval(-86_400 * 2))
                ORDER BY created_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
            )
            RETURNING id, account_id, bot_id, kind, bot_name, detail, created_at, seen_at
            """
        ).compactMap(Self.notice)
    }

    func mailed(_ id: Int, at now: Date) async throws {
        try await database.execute("UPDATE bot_notices SET mailed_at = \(now) WHERE id = \(id)")
    }

    private static let columns: SQL = """
        SELECT id, account_id, bot_id, kind, bot_name, detail, created_at, seen_at FROM bot_notices
        """

    private static func notice(_ row: Row) throws -> BotNotice? {
        guard let kind = NoticeKind(rawValue: try row.decode("kind")) else { return nil }
        return BotNotice(
            id: try row.decode("id"),
            account: try row.decode("account_id"),
            bot: try row.decodeIfPresent("bot_id"),
            kind: kind,
            botName: try row.decode("bot_name"),
            detail: try row.decodeIfPresent("detail"),
            createdAt: try row.decode("created_at"),
            isSeen: try row.decodeIfPresent("seen_at", as: Date.self) != nil
        )
    }
}
