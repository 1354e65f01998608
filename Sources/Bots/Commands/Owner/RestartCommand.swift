import Fleet

/// Starts the bot's session anew.
struct RestartCommand: Command {
    let declaration = CommandDeclaration(
        "restart",
        aliases: ["reboot"],
        .owner,
        "Starts the bot anew; variables that were changed hold from then on.",
        permissions: [.owner],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.reply("I am back in a moment.")
        try await context.services.hosting.scheduler.restart(context.bot.session)
    }
}
