import MediaTools
import WhatsAppCrypto

/// Makes an image of a sticker, or of the first frame of a video.
struct ToImageCommand: Command {
    let declaration = CommandDeclaration(
        "toimage",
        aliases: ["toimg", "photo"],
        .media,
        Phrase(
            en: "Makes an image of a sticker, or of the first frame of a video.",
            id: "Membuat gambar dari stiker, atau dari awal sebuah video."
        ),
        timeLimit: .seconds(60)
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.sticker, .image, .video, .gif, .videoNote, .document])
        try await context.working {
            try await context.replyPicture(try await tools.image(from: bytes, for: context.toolKey))
        }
    }
}
