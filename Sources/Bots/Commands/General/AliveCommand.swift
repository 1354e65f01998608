/// Says that the bot is there.
struct AliveCommand: Command {
    let declaration = CommandDeclaration(
        "alive",
        aliases: ["bot"],
        .general,
        "Says that the bot is there, in words of your own where you have set some.",
        settings: [
            CommandSetting(
                "text",
                .text(limit: 500),
                standard: "{bot} is here for you, {name}.",
                help: "A template, with {name}, {bot}, {prefix}, {date} and {time}."
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let values = await TemplateValues(context)
        try await context.reply(values.fill(context.setting("text")))
    }
}
