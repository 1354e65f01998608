/// Watches for other bots.
struct AntiBotCommand: Command {
    let declaration = CommandDeclaration(
        "antibot",
        .group,
        "Takes away messages of other bots, and warns or removes them.",
        arguments: [CommandArgument("action", .choice(["off", "delete", "warn", "kick"]), "What is done.")],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let action = ModerationAction(rawValue: context.arguments["action"] ?? "")
        try await context.changeChat { $0.bots = action }
        try await context.reply(action.map { "Other bots: \($0.rawValue)." } ?? "Other bots are allowed.")
    }
}
