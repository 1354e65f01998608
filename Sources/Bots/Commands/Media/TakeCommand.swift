import WhatsApp
import WhatsAppCrypto

/// Puts a sticker into another pack.
struct TakeCommand: Command {
    let declaration = CommandDeclaration(
        "take",
        aliases: ["steal", "wm"],
        .media,
        Phrase(
            en: "Puts a sticker into another pack, without changing its picture.",
            id: "Memindahkan stiker ke paket lain tanpa mengubah gambarnya."
        ),
        arguments: [
            CommandArgument(
                "pack",
                "paket",
                .text,
                optional: true,
                Phrase(en: "The pack and its author: Pack | Author.", id: "Nama paket dan pembuatnya: Paket | Pembuat.")
            )
        ],
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
