import Assistant
import WhatsApp
import WhatsAppCrypto

/// Says what an image shows.
struct DescribeCommand: Command {
    let declaration = CommandDeclaration(
        "describe",
        aliases: ["vision", "see"],
        .ai,
        "Says what an image or a sticker shows, or answers a question about it.",
        arguments: [CommandArgument("question", .text, optional: true, "What you want to know of it.")],
        coolDown: .seconds(2),
        timeLimit: .seconds(120)
    )

    func run(_ context: CommandContext) async throws {
        let assistant = try context.assistant()
        let bytes = try await context.fileContent([.image, .sticker], limit: 8 << 20)
        guard let format = ImageFormat(bytes) else { throw context.refusal("This is no image.") }
        let question = context.arguments["question"] ?? "Describe this image in a few sentences."
        let image = AssistantFile(bytes, mimeType: format.mimeType)
        let conversation = AssistantConversation([AssistantMessage(.user, question, images: [image])])
        try await context.working { try await context.reply(try await assistant.answer(conversation).text) }
    }
}
