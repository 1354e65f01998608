import WhatsApp
import WhatsAppCrypto

/// Puts a sticker into another pack.
struct TakeCommand: Command {
    let declaration = CommandDeclaration(
        "take",
        aliases: ["steal", "wm"],
        .media,
        "Puts a sticker into another pack, without changing its picture.",
        arguments: [CommandArgument("pack", .text, optional: true, "The pack and its author: Pack | Author.")],
        settings: StickerPack.settings
    )

    func run(_ context: CommandContext) async throws {
        let pack = StickerPack(context.arguments["pack"], context)
        let webp = try await context.fileContent([.sticker], limit: 4 << 20)
        try await context.working {
            let isAnimated = ImageFormat(webp)?.isAnimated ?? false
            try await context.replySticker(.bytes(try pack.written(into: webp)), isAnimated: isAnimated)
        }
    }
}
