/// Looks at statuses by itself.
struct AutoViewCommand: Command {
    let declaration = CommandDeclaration(
        "autoview",
        aliases: ["autostatus", "viewstatus"],
        .status,
        "Looks at the statuses of contacts by itself.",
        arguments: [CommandArgument("state", .choice(["on", "off"]), "On or off.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let isOn = context.arguments["state"] == "on"
        try await context.changeConduct { $0.viewsStatuses = isOn }
        try await context.reply(isOn ? "Statuses are looked at." : "Statuses are not looked at.")
    }
}
