/// Lets the AI talk in a chat.
struct ChatbotCommand: Command {
    let declaration = CommandDeclaration(
        "chatbot",
        aliases: ["aichat", "chatmode"],
        .ai,
        Phrase(
            en:
                "Lets the AI answer here without a command: everybody in private, in groups who names or answers the bot.",
            id:
                "Membiarkan AI menjawab tanpa perintah: semua orang di chat pribadi, di grup yang menyebut atau membalas bot."
        ),
        arguments: [
            CommandArgument(
                "state",
                "status",
                .choice(["on", "off"]),
                Phrase(en: "On or off.", id: "Hidup (on) atau mati (off).")
            )
        ],
        permissions: [.botAdmin],
        settings: [
            CommandSetting(
                "instructions",
                .text(limit: 2_000),
                standard: Phrase(
                    en: "You take part in a chat: friendly, correct and short.",
                    id: "Kamu ikut mengobrol di sebuah chat: ramah, benar, dan singkat."
                ),
                help: Phrase(en: "How the AI should be.", id: "Bagaimana AI bersikap.")
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        _ = try context.assistant()
        let isOn = context.arguments["state"] == "on"
        try await context.changeChat { $0.isTalking = isOn ? true : nil }
        try await context.reply(
            isOn
                ? Phrase(en: "I talk here.", id: "Saya ikut mengobrol di sini.")
                : Phrase(en: "I answer commands alone.", id: "Saya hanya menjawab perintah.")
        )
    }
}
