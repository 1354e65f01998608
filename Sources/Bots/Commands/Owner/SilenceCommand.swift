/// Lets the bot be silent in a chat.
struct SilenceCommand: Command {
    let declaration = CommandDeclaration(
        "silence",
        aliases: ["mutebot"],
        .owner,
        "Lets the bot answer nobody in this chat but its owner's commands, or everybody again.",
        arguments: [CommandArgument("state", .choice(["on", "off"]), "On or off.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let isOn = context.arguments["state"] == "on"
        try await context.changeChat { $0.isSilent = isOn ? true : nil }
        try await context.reply(isOn ? "I am silent here." : "I answer here again.")
    }
}
