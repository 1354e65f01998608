import Assistant
import WhatsApp

/// Says in a few words what a long text says.
struct SummariseCommand: Command {
    let declaration = CommandDeclaration(
        "summarise",
        aliases: ["summarize", "summary", "tldr"],
        .ai,
        Phrase(
            en: "Says in a few words what the answered message says, or what was written in this chat.",
            id: "Meringkas pesan yang dibalas, atau obrolan di chat ini."
        ),
        coolDown: .seconds(5),
        timeLimit: .seconds(120)
    )

    private static let lineLimit = 200

    func run(_ context: CommandContext) async throws {
        let assistant = try context.assistant()
        let text: String
        if let quoted = context.quote?.text, !quoted.isEmpty {
            text = quoted
        } else {
            let kept = KeptMessages(database: context.store.database, vault: context.services.hosting.vault)
            text = try await kept.texts(of: context.bot, in: context.chat, limit: Self.lineLimit)
                .joined(separator: "\n")
        }
        guard !text.isEmpty else {
            throw context.refusal(
                Phrase(
                    en: "Answer a long message; a chat's messages are kept only where antidelete is on.",
                    id: "Balas pesan yang panjang; obrolan hanya disimpan bila antidelete hidup."
                )
            )
        }
        let conversation = AssistantConversation(
            instructions: Phrase(
                en: "Summarise what the user sends, in its language, in at most five short points.",
                id: "Ringkas kiriman pengguna, dalam bahasanya, paling banyak lima poin singkat."
            ).text(context.language),
            [AssistantMessage(.user, String(text.suffix(40_000)))]
        )
        try await context.working { try await context.reply(verbatim: try await assistant.answer(conversation).text) }
    }
}
