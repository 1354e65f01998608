/// Says that the bot is there.
struct AliveCommand: Command {
    let declaration = CommandDeclaration(
        "alive",
        aliases: ["bot"],
        .general,
        Phrase(
            en: "Says that the bot is there, in words of your own where you have set some.",
            id: "Mengatakan bahwa bot aktif, dengan kata-katamu sendiri bila diatur."
        ),
        settings: [
            CommandSetting(
                "text",
                .text(limit: 500),
                standard: Phrase(en: "{bot} is here for you, {name}.", id: "{bot} siap membantu, {name}."),
                help: Phrase(
                    en: "A template, with {name}, {bot}, {prefix}, {date} and {time}.",
                    id: "Teks dengan {name}, {bot}, {prefix}, {date}, dan {time}."
                )
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let values = await TemplateValues(context)
        try await context.reply(verbatim: values.fill(context.setting("text")))
    }
}
