/// Says whom the bot answers.
struct ModeCommand: Command {
    let declaration = CommandDeclaration(
        "mode",
        aliases: ["setmode"],
        .owner,
        Phrase(
            en: "Says whom the bot answers: everybody, its owner alone, groups alone, or private chats alone.",
            id: "Mengatur siapa yang dijawab bot: semua orang, pemilik saja, grup saja, atau chat pribadi saja."
        ),
        arguments: [
            CommandArgument(
                "mode",
                "mode",
                .choice(BotMode.allCases.map(\.rawValue)),
                Phrase(en: "Which.", id: "Yang mana.")
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let mode = context.arguments["mode"].flatMap { BotMode(rawValue: $0) } ?? .public
        try await context.changeConduct { $0.mode = mode }
        try await context.reply(Phrase(en: "Mode: \(mode.rawValue).", id: "Mode: \(mode.rawValue)."))
    }
}
