/// Lets the AI talk in a chat.
struct ChatbotCommand: Command {
    let declaration = CommandDeclaration(
        "chatbot",
        aliases: ["aichat", "chatmode"],
        .ai,
        "Lets the AI answer here without a command: everybody in private, in groups who names or answers the bot.",
        arguments: [CommandArgument("state", .choice(["on", "off"]), "On or off.")],
        permissions: [.botAdmin],
        settings: [
            CommandSetting(
                "instructions",
                .text(limit: 2_000),
                standard: "You take part in a chat: friendly, correct and short.",
                help: "How the AI should be."
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        _ = try context.assistant()
        let isOn = context.arguments["state"] == "on"
        try await context.changeChat { $0.isTalking = isOn ? true : nil }
        try await context.reply(isOn ? "I talk here." : "I answer commands alone.")
    }
}
