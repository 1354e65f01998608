/// Shows again what is taken back.
struct AntiDeleteCommand: Command {
    let declaration = CommandDeclaration(
        "antidelete",
        .group,
        "Shows again what members delete or change.",
        arguments: [CommandArgument("state", .choice(["on", "off"]), "On or off.")],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let isOn = context.arguments["state"] == "on"
        try await context.changeChat { $0.keepsDeleted = isOn }
        try await context.reply(isOn ? "Deleted messages are shown again." : "Deleted messages stay deleted.")
    }
}
