import MediaTools
import WhatsAppCrypto

/// Makes a video of an animated sticker, a GIF or another video.
struct ToVideoCommand: Command {
    let declaration = CommandDeclaration(
        "tovideo",
        aliases: ["tomp4", "tovid"],
        .media,
        Phrase(
            en: "Makes a video of an animated sticker, a GIF or another video.",
            id: "Membuat video dari stiker bergerak, GIF, atau video lain."
        ),
        timeLimit: .seconds(180)
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.sticker, .video, .gif, .videoNote, .document])
        try await context.working {
            try await context.replyFilm(try await tools.video(from: bytes, for: context.toolKey))
        }
    }
}
