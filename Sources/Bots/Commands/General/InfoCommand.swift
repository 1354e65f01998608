/// Tells about the bot.
struct InfoCommand: Command {
    let declaration = CommandDeclaration(
        "info",
        aliases: ["botinfo", "about"],
        .general,
        "Tells about the bot: name, owner, prefix, mode, commands and uptime."
    )

    func run(_ context: CommandContext) async throws {
        let conduct = context.conduct
        let offered = context.services.registry.commands.filter {
            conduct.offers($0.declaration, in: context.chatSettings)
        }
        var lines = ["*\(conduct.name)*"]
        if let owner = conduct.ownerName { lines.append("Owner: \(owner)") }
        lines.append("Prefix: \(conduct.prefixes.filter { !$0.isEmpty }.joined(separator: " "))")
        lines.append("Mode: \(conduct.mode.rawValue)")
        lines.append("Language: \(conduct.language.rawValue)")
        lines.append("Commands: \(offered.count + context.customCommandNames.count)")
        lines.append("Up for \(DurationText.write(context.services.uptime()))")
        try await context.reply(lines.joined(separator: "\n"))
    }
}
