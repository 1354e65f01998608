import MediaTools

/// Makes a sticker of a text, still or going through the colours.
struct TextStickerCommand: Command {
    let declaration: CommandDeclaration
    private let isAnimated: Bool

    init(isAnimated: Bool) {
        self.isAnimated = isAnimated
        declaration = CommandDeclaration(
            isAnimated ? "attp" : "ttp",
            aliases: [isAnimated ? "atext" : "textsticker"],
            .media,
            isAnimated
                ? Phrase(
                    en: "Makes a sticker of a text that goes through the colours.",
                    id: "Membuat stiker teks yang berganti warna."
                ) : Phrase(en: "Makes a sticker of a text.", id: "Membuat stiker dari teks."),
            arguments: [
                CommandArgument(
                    "text",
                    "teks",
                    .text,
                    optional: true,
                    Phrase(
                        en: "What the sticker says; else the answered message.",
                        id: "Isi stikernya; kalau kosong, pesan yang dibalas."
                    )
                )
            ],
            timeLimit: .seconds(60),
            settings: StickerPack.settings
        )
    }

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let text = try context.textOrQuoted("text")
        try await context.working {
            let sticker = try await tools.textSticker(text, isAnimated: isAnimated, for: context.toolKey)
            try await context.replySticker(sticker, StickerPack(nil, context))
        }
    }
}
