import Database
import Foundation

/// The rows of files that rules and commands send.
struct FileRepository: Sendable {
    let database: Database

    func list(_ bot: BotID) async throws -> [ListedFile] {
        try await database.query(
            """
            SELECT id, kind, mime_type, name, octet_length(content)::bigint AS bytes, created_at FROM bot_files
            WHERE bot_id = \(bot) ORDER BY name, created_at, id LIMIT \(BotFile.countLimit)
            """
        ).compactMap { row in
            guard let kind = BotFile.Kind(rawValue: try row.decode("kind")) else { return nil }
            return ListedFile(
                id: try row.decode("id"),
                kind: kind,
                mimeType: try row.decode("mime_type"),
                name: try row.decode("name"),
                bytes: try row.decode("bytes"),
                createdAt: try row.decode("created_at")
            )
        }
    }

    func save(_ file: BotFile, of bot: BotID, at now: Date) async throws {
        try await database.withTransaction { transaction in
            try await AutomationRepository.lock(bot, in: transaction)
            let row = try await transaction.queryOne(
                """
                SELECT count(*) AS count, COALESCE(sum(octet_length(content)), 0)::bigint AS bytes
                FROM bot_files WHERE bot_id = \(bot)
                """
            )
            guard try row?.decode("count") ?? 0 < BotFile.countLimit else {
                throw AutomationError.limitReached(BotFile.countLimit)
            }
            guard try (row?.decode("bytes") ?? 0) + file.bytes.count <= BotFile.totalLimit else {
                throw AutomationError.filesTooLarge(BotFile.totalLimit)
            }
            try await transaction.execute(
                """
                INSERT INTO bot_files (bot_id, id, kind, mime_type, name, content, created_at)
                VALUES (
                    \(bot), \(file.id), \(file.kind.rawValue), \(file.mimeType), \(file.name), \(file.bytes), \(now)
                )
                """
            )
        }
    }

    func find(_ id: UUID, of bot: BotID) async throws -> BotFile? {
        let row = try await database.queryOne(
            "SELECT kind, mime_type, name, content FROM bot_files WHERE bot_id = \(bot) AND id = \(id)"
        )
        guard let row, let kind = BotFile.Kind(rawValue: try row.decode("kind")) else { return nil }
        var file = BotFile(
            kind: kind,
            mimeType: try row.decode("mime_type"),
            name: try row.decode("name"),
            bytes: try row.decode("content")
        )
        file.id = id
        return file
    }

    func has(_ id: UUID, of bot: BotID) async throws -> Bool {
        try await database.queryOne("SELECT 1 AS one FROM bot_files WHERE bot_id = \(bot) AND id = \(id)") != nil
    }

    /// False for a file that something refers to, or that there is not.
    func delete(_ id: UUID, of bot: BotID) async throws -> Bool {
        try await database.execute("DELETE FROM bot_files WHERE bot_id = \(bot) AND id = \(id) AND \(Self.isFree)") == 1
    }

    /// Files that nothing refers to go.
    func sweep(_ bot: BotID, before: Date) async throws {
        try await database.execute(
            "DELETE FROM bot_files WHERE bot_id = \(bot) AND created_at < \(before) AND \(Self.isFree)"
        )
    }

    private static let isFree: SQL = """
        NOT EXISTS (SELECT 1 FROM bot_rules WHERE bot_rules.bot_id = bot_files.bot_id AND file_id = bot_files.id)
            AND NOT EXISTS (
                SELECT 1 FROM bot_custom_commands AS command
                WHERE command.bot_id = bot_files.bot_id AND command.file_id = bot_files.id
            )
        """
}
