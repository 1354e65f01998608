import MediaTools
import WhatsAppCrypto

/// Keeps a part of a picture.
struct CropCommand: Command {
    let declaration = CommandDeclaration(
        "crop",
        .media,
        "Keeps a part of a picture: square, circle, a ratio such as 16:9, or an area such as 300x200+10+20.",
        arguments: [CommandArgument("shape", .word, optional: true, "square, circle, 16:9 or 300x200+10+20.")]
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let word = context.arguments["shape"] ?? "square"
        guard let shape = CropShape(word) else { throw context.refusal("“\(word.prefix(40))” is no shape.") }
        let bytes = try await context.fileContent([.image, .sticker, .document])
        try await context.working {
            try await context.replyPicture(try await tools.crop(bytes, to: shape, for: context.toolKey))
        }
    }
}
