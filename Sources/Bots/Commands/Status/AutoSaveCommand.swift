/// Keeps statuses by itself.
struct AutoSaveCommand: Command {
    let declaration = CommandDeclaration(
        "autosave",
        aliases: ["savestatuses"],
        .status,
        "Sends the statuses of contacts to the bot's own chat, where they stay.",
        arguments: [CommandArgument("state", .choice(["on", "off"]), "On or off.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let isOn = context.arguments["state"] == "on"
        try await context.changeConduct { $0.savesStatuses = isOn }
        try await context.reply(isOn ? "Statuses are kept." : "Statuses are not kept.")
    }
}
