import MediaTools
import WhatsAppCrypto

/// Makes a sticker of what somebody sends.
struct StickerCommand: Command {
    let declaration = CommandDeclaration(
        "sticker",
        aliases: ["s", "stiker"],
        .media,
        "Makes a sticker of an image, a video or a GIF.",
        arguments: [
            CommandArgument("crop", .flag, "Fill the square with the middle of the picture."),
            CommandArgument("circle", .flag, "Make it round."),
            CommandArgument("pack", .text, optional: true, "The pack and its author: Pack | Author."),
        ],
        timeLimit: .seconds(120),
        settings: StickerPack.settings
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let shape: StickerShape =
            context.arguments.has(flag: "circle") ? .circle : context.arguments.has(flag: "crop") ? .crop : .fit
        let pack = StickerPack(context.arguments["pack"], context)
        let bytes = try await context.fileContent([.image, .video, .gif, .videoNote, .sticker, .document])
        try await context.working {
            let sticker = try await tools.sticker(from: bytes, shape: shape, for: context.toolKey)
            try await context.replySticker(sticker, pack)
        }
    }
}
