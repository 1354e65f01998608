/// Says for how long the bot has been running.
struct UptimeCommand: Command {
    let declaration = CommandDeclaration(
        "uptime",
        aliases: ["runtime"],
        .general,
        "Says for how long the server has been running."
    )

    func run(_ context: CommandContext) async throws {
        try await context.reply("Up for \(DurationText.write(context.services.uptime())).")
    }
}
