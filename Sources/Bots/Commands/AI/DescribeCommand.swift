import Assistant
import WhatsApp
import WhatsAppCrypto

/// Says what an image shows.
struct DescribeCommand: Command {
    let declaration = CommandDeclaration(
        "describe",
        aliases: ["vision", "see"],
        .ai,
        Phrase(
            en: "Says what an image or a sticker shows, or answers a question about it.",
            id: "Menjelaskan isi gambar atau stiker, atau menjawab pertanyaan tentangnya."
        ),
        arguments: [
            CommandArgument(
                "question",
                "pertanyaan",
                .text,
                optional: true,
                Phrase(en: "What you want to know of it.", id: "Yang ingin kamu ketahui.")
            )
        ],
        coolDown: .seconds(2),
        timeLimit: .seconds(120)
    )

    func run(_ context: CommandContext) async throws {
        let assistant = try context.assistant()
        let bytes = try await context.fileContent([.image, .sticker], limit: 8 << 20)
        guard let format = ImageFormat(bytes) else {
            throw context.refusal(Phrase(en: "This is no image.", id: "Ini bukan gambar."))
        }
        let usual = Phrase(
            en: "Describe this image in a few sentences.",
            id: "Jelaskan gambar ini dalam beberapa kalimat."
        )
        let question = context.arguments["question"] ?? usual.text(context.language)
        let image = AssistantFile(bytes, mimeType: format.mimeType)
        let conversation = AssistantConversation([AssistantMessage(.user, question, images: [image])])
        try await context.working { try await context.reply(verbatim: try await assistant.answer(conversation).text) }
    }
}
