import MediaTools
import WhatsApp
import WhatsAppCrypto

/// Makes a silent loop of a video or an animated sticker.
struct ToGIFCommand: Command {
    let declaration = CommandDeclaration(
        "togif",
        aliases: ["gif"],
        .media,
        Phrase(
            en: "Makes a silent loop of a video or an animated sticker.",
            id: "Membuat GIF dari video atau stiker bergerak."
        ),
        timeLimit: .seconds(120)
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.sticker, .video, .gif, .videoNote, .document])
        try await context.working {
            try await context.replyFilm(try await tools.loop(from: bytes, for: context.toolKey), style: .gif)
        }
    }
}
