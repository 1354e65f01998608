import MediaTools
import WhatsAppCrypto

/// Makes a sticker of what somebody sends.
struct StickerCommand: Command {
    let declaration = CommandDeclaration(
        "sticker",
        aliases: ["s", "stiker"],
        .media,
        Phrase(
            en: "Makes a sticker of an image, a video or a GIF.",
            id: "Membuat stiker dari gambar, video, atau GIF."
        ),
        arguments: [
            CommandArgument(
                flag: "crop",
                Phrase(
                    en: "Fill the square with the middle of the picture.",
                    id: "Isi kotak dengan bagian tengah gambar."
                )
            ),
            CommandArgument(flag: "circle", Phrase(en: "Make it round.", id: "Buat bulat.")),
            CommandArgument(
                "pack",
                "paket",
                .text,
                optional: true,
                Phrase(en: "The pack and its author: Pack | Author.", id: "Nama paket dan pembuatnya: Paket | Pembuat.")
            ),
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
