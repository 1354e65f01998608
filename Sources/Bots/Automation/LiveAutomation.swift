import Database

/// What a bot does by rules that people have made, ready to be used.
struct LiveAutomation: Sendable {
    var commandNames: [String]
}

/// The rows of what people have made without programming.
struct AutomationRepository: Sendable {
    let database: Database

    /// Nil for a bot that has nothing of it.
    func live(_ bot: BotID) async throws -> LiveAutomation? {
        let rows = try await database.query(
            "SELECT name FROM bot_custom_commands WHERE bot_id = \(bot) AND is_on ORDER BY name LIMIT 200"
        )
        guard !rows.isEmpty else { return nil }
        return LiveAutomation(commandNames: try rows.map { try $0.decode("name") })
    }
}
