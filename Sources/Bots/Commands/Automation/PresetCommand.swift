import Fleet

/// Fills the bot's settings from a preset.
struct PresetCommand: Command {
    let declaration = CommandDeclaration(
        "preset",
        aliases: ["template"],
        .automation,
        "Lists ready-made settings, or puts one of them in the place of the bot's.",
        arguments: [
            CommandArgument("preset", .choice(BotPreset.all.map(\.id)), optional: true, "Which; nothing for the list.")
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        guard let preset = context.arguments["preset"].flatMap({ BotPreset.named($0) }) else {
            let lines = BotPreset.all.map { "*\($0.id)* – \($0.summary)" }
            try await context.reply(lines.joined(separator: "\n"))
            return
        }
        try await context.saving {
            try await context.store.fill(context.bot.id, from: preset, in: context.conduct.language)
        }
        try await context.reply("The bot is a “\(preset.name)” now.")
    }
}
