/// Removes a command that was made.
struct DeleteCommandCommand: Command {
    let declaration = CommandDeclaration(
        "delcmd",
        aliases: ["removecmd"],
        .automation,
        "Removes a command that was made with addcmd or in the panel.",
        arguments: [CommandArgument("name", .word, "Which.")],
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let repository = AutomationRepository(database: context.store.database)
        guard try await repository.deleteCommand(name, of: context.bot.id) else {
            throw CommandRefusal("There is no such command of your own.")
        }
        try await context.store.live.refresh(context.bot.id)
        try await context.reply("\(context.prefix)\(name) is gone.")
    }
}
