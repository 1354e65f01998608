import Assistant
import WhatsApp

/// Asks the AI.
struct AskCommand: Command {
    let declaration = CommandDeclaration(
        "ask",
        aliases: ["ai", "gpt", "gemini"],
        .ai,
        "Asks the AI; the answered message is part of the question.",
        arguments: [CommandArgument("question", .text, optional: true, "The question.")],
        coolDown: .seconds(2),
        timeLimit: .seconds(120),
        settings: [
            CommandSetting(
                "instructions",
                .text(limit: 2_000),
                standard: "You answer in a chat: friendly, correct and short.",
                help: "How the AI should be."
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let assistant = try context.assistant()
        var question = try context.textOrQuoted("question")
        if context.arguments["question"] != nil, let quoted = context.quote?.text, !quoted.isEmpty {
            question = "\(question)\n\nThis is about the message:\n\(quoted)"
        }
        let conversation = AssistantConversation(
            instructions: context.setting("instructions"),
            [AssistantMessage(.user, question)]
        )
        try await context.working { try await context.reply(try await assistant.answer(conversation).text) }
    }
}
