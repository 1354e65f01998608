/// Says whom the bot answers.
struct ModeCommand: Command {
    let declaration = CommandDeclaration(
        "mode",
        aliases: ["setmode"],
        .owner,
        "Says whom the bot answers: everybody, its owner alone, groups alone, or private chats alone.",
        arguments: [CommandArgument("mode", .choice(BotMode.allCases.map(\.rawValue)), "Which.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let mode = context.arguments["mode"].flatMap { BotMode(rawValue: $0) } ?? .public
        try await context.changeConduct { $0.mode = mode }
        try await context.reply("Mode: \(mode.rawValue).")
    }
}
