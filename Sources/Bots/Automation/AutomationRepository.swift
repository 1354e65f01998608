import Database
import Foundation

/// The rows of what bots do by themselves.
struct AutomationRepository: Sendable {
    let database: Database

    // MARK: Rules

    func rules(of bot: BotID) async throws -> [AutoReplyRule] {
        try await database.query(
            """
            SELECT id, match, pattern, answer, file_id, scope, chat, priority, is_on FROM bot_rules
            WHERE bot_id = \(bot) ORDER BY priority DESC, created_at, id LIMIT \(AutoReplyRule.limit)
            """
        ).map { row in
            var rule = AutoReplyRule(
                id: try row.decode("id"),
                match: AutoReplyRule.Match(rawValue: try row.decode("match")) ?? .exact,
                pattern: try row.decode("pattern"),
                answer: try row.decode("answer"),
                file: try row.decodeIfPresent("file_id"),
                scope: AutoReplyRule.Scope(rawValue: try row.decode("scope")) ?? .all,
                priority: Int(try row.decode("priority") as Int32),
                isOn: try row.decode("is_on")
            )
            rule.chat = try row.decodeIfPresent("chat")
            return rule
        }
    }

    /// Makes a rule or replaces the one of that identifier; throws ``AutomationError/limitReached(_:)``.
    func save(
        _ rule: AutoReplyRule,
        of bot: BotID,
        _ limits: AutoReplyRule.Limits = .standard,
        at now: Date
    ) async throws {
        try await database.withTransaction { transaction in
            try await Self.lock(bot, in: transaction)
            let row = try await transaction.queryOne(
                """
                SELECT count(*) AS count, count(chat) AS of_chats, count(*) FILTER (WHERE chat = \(rule.chat)) AS here
                FROM bot_rules WHERE bot_id = \(bot) AND id <> \(rule.id)
                """
            )
            guard try row?.decode("count") ?? 0 < AutoReplyRule.limit else {
                throw AutomationError.limitReached(AutoReplyRule.limit)
            }
            if let limit = limits.inOneChat, rule.chat != nil {
                guard try row?.decode("here") ?? 0 < limit else { throw AutomationError.limitReached(limit) }
            }
            if let limit = limits.inAllChats, rule.chat != nil {
                guard try row?.decode("of_chats") ?? 0 < limit else { throw AutomationError.shareReached(limit) }
            }
            try await Self.write(rule, of: bot, at: now, in: transaction)
        }
    }

    static func write(_ rule: AutoReplyRule, of bot: BotID, at now: Date, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO bot_rules (
                bot_id, id, match, pattern, answer, file_id, scope, chat, priority, is_on, created_at
            ) VALUES (
                \(bot), \(rule.id), \(rule.match.rawValue), \(rule.pattern), \(rule.answer), \(rule.file),
                \(rule.scope.rawValue), \(rule.chat), \(rule.priority), \(rule.isOn), \(now)
            )
            ON CONFLICT (bot_id, id) DO UPDATE SET
                match = EXCLUDED.match, pattern = EXCLUDED.pattern, answer = EXCLUDED.answer,
                file_id = EXCLUDED.file_id, scope = EXCLUDED.scope, chat = EXCLUDED.chat, priority = EXCLUDED.priority,
                is_on = EXCLUDED.is_on
            """
        )
    }

    func deleteRule(_ id: UUID, of bot: BotID) async throws -> Bool {
        try await database.execute("DELETE FROM bot_rules WHERE bot_id = \(bot) AND id = \(id)") == 1
    }

    // MARK: Commands

    func commands(of bot: BotID) async throws -> [CustomCommand] {
        try await database.query(
            """
            SELECT name, summary, content::text AS content, file_id, secret IS NOT NULL AS has_secret, is_on
            FROM bot_custom_commands WHERE bot_id = \(bot) ORDER BY name LIMIT \(CustomCommand.limit)
            """
        ).map { row in
            var command = CustomCommand(
                name: try row.decode("name"),
                summary: try row.decode("summary"),
                content: try ConductRepository.decode(row.decode("content")),
                file: try row.decodeIfPresent("file_id"),
                isOn: try row.decode("is_on")
            )
            command.hasSecret = try row.decode("has_secret")
            return command
        }
    }

    /// Makes a command or replaces the one of that name; its secret stays.
    func save(_ command: CustomCommand, of bot: BotID, at now: Date) async throws {
        let content = try ConductRepository.encode(command.content)
        try await database.withTransaction { transaction in
            try await Self.lock(bot, in: transaction)
            let row = try await transaction.queryOne(
                "SELECT count(*) AS count FROM bot_custom_commands WHERE bot_id = \(bot) AND name <> \(command.name)"
            )
            guard try row?.decode("count") ?? 0 < CustomCommand.limit else {
                throw AutomationError.limitReached(CustomCommand.limit)
            }
            try await transaction.execute(
                """
                INSERT INTO bot_custom_commands (bot_id, name, summary, content, file_id, is_on, updated_at)
                VALUES (
                    \(bot), \(command.name), \(command.summary), \(JSONText(content)), \(command.file), \(command.isOn),
                    \(now)
                )
                ON CONFLICT (bot_id, name) DO UPDATE SET
                    summary = EXCLUDED.summary, content = EXCLUDED.content, file_id = EXCLUDED.file_id,
                    is_on = EXCLUDED.is_on, updated_at = EXCLUDED.updated_at
                """
            )
        }
    }

    func deleteCommand(_ name: String, of bot: BotID) async throws -> Bool {
        try await database.execute("DELETE FROM bot_custom_commands WHERE bot_id = \(bot) AND name = \(name)") == 1
    }

    func secret(of command: String, of bot: BotID) async throws -> [UInt8]? {
        try await database.queryOne(
            "SELECT secret FROM bot_custom_commands WHERE bot_id = \(bot) AND name = \(command)"
        )?.decodeIfPresent("secret")
    }

    func setSecret(_ sealed: [UInt8], of command: String, of bot: BotID) async throws -> Bool {
        try await database.execute(
            "UPDATE bot_custom_commands SET secret = \(sealed) WHERE bot_id = \(bot) AND name = \(command)"
        ) == 1
    }

    // MARK: All together

    /// Nil for a bot that has nothing of it.
    func live(_ bot: BotID) async throws -> LiveAutomation? {
        let rules = RuleSet(try await rules(of: bot))
        let commands = try await commands(of: bot).filter(\.isOn)
        guard !rules.isEmpty || !commands.isEmpty else { return nil }
        var byName: [String: CustomRun] = [:]
        for command in commands { byName[command.name] = CustomRun(command) }
        return LiveAutomation(rules: rules, commands: byName)
    }

    /// One at a time for each bot, so that its things can be counted.
    static func lock(_ bot: BotID, in transaction: Transaction) async throws {
        try await transaction.execute("SELECT id FROM bots WHERE id = \(bot) FOR UPDATE")
    }
}
