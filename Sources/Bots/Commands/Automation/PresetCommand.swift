import Fleet
import Foundation

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
        let repository = AutomationRepository(database: context.store.database)
        let known = Set(try await repository.rules(of: context.bot.id).map(\.pattern))
        try await context.saving {
            for rule in preset.rules where !known.contains(rule.pattern) {
                var rule = rule
                rule.id = UUID()
                try await repository.save(rule, of: context.bot.id, at: context.services.time.date())
            }
        }
        try await context.changeConduct { settings in
            let owners = settings.owners
            settings = preset.settings
            settings.owners = owners
        }
        try await context.reply("The bot is a “\(preset.name)” now.")
    }
}
