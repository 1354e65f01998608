/// Lists the commands that were made.
struct ListCommandsCommand: Command {
    let declaration = CommandDeclaration(
        "listcmd",
        aliases: ["mycmds", "cmds"],
        .automation,
        "Lists the commands that this bot has of its own."
    )

    func run(_ context: CommandContext) async throws {
        let names = context.customCommandNames.map { context.prefix + $0 }
        try await context.reply(names.isEmpty ? "There are no own commands." : names.joined(separator: "\n"))
    }
}
