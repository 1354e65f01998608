import Assistant
import WhatsApp

/// Asks the AI.
struct AskCommand: Command {
    let declaration = CommandDeclaration(
        "ask",
        aliases: ["ai", "gpt", "gemini"],
        .ai,
        Phrase(
            en: "Asks the AI; the answered message is part of the question.",
            id: "Bertanya kepada AI; pesan yang dibalas ikut menjadi pertanyaan."
        ),
        arguments: [
            CommandArgument(
                "question",
                "pertanyaan",
                .text,
                optional: true,
                Phrase(en: "The question.", id: "Pertanyaannya.")
            )
        ],
        coolDown: .seconds(2),
        timeLimit: .seconds(120),
        settings: [
            CommandSetting(
                "instructions",
                .text(limit: 2_000),
                standard: Phrase(
                    en: "You answer in a chat: friendly, correct and short.",
                    id: "Kamu menjawab di sebuah chat: ramah, benar, dan singkat."
                ),
                help: Phrase(en: "How the AI should be.", id: "Bagaimana AI bersikap.")
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let assistant = try context.assistant()
        var question = try context.textOrQuoted("question")
        if context.arguments["question"] != nil, let quoted = context.quote?.text, !quoted.isEmpty {
            let asked = question
            question = Phrase(
                en: "\(asked)\n\nThis is about the message:\n\(quoted)",
                id: "\(asked)\n\nIni tentang pesan:\n\(quoted)"
            ).text(context.language)
        }
        let conversation = AssistantConversation(
            instructions: context.setting("instructions"),
            [AssistantMessage(.user, question)]
        )
        try await context.working { try await context.reply(verbatim: try await assistant.answer(conversation).text) }
    }
}
