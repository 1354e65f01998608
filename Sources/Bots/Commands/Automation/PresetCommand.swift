import Fleet

/// Fills the bot's settings from a preset.
struct PresetCommand: Command {
    let declaration = CommandDeclaration(
        "preset",
        aliases: ["template"],
        .automation,
        Phrase(
            en: "Lists ready-made settings, or puts one of them in the place of the bot's.",
            id: "Menampilkan templat pengaturan, atau memakai salah satunya untuk bot."
        ),
        arguments: [
            CommandArgument(
                "preset",
                "templat",
                .choice(BotPreset.all.map(\.id)),
                optional: true,
                Phrase(en: "Which; nothing for the list.", id: "Yang mana; kosong untuk daftarnya.")
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        guard let preset = context.arguments["preset"].flatMap({ BotPreset.named($0) }) else {
            let lines = BotPreset.all.map { Phrase(same: "*\($0.id)* – \($0.summary)") }
            try await context.reply(lines.joined(separator: "\n"))
            return
        }
        try await context.saving {
            try await context.store.fill(context.bot.id, from: preset, in: context.conduct.language)
        }
        try await context.reply(
            Phrase(en: "The bot is a “\(preset.name)” now.", id: "Bot sekarang memakai templat “\(preset.name)”.")
        )
    }
}
