import MediaTools
import WhatsAppCrypto

/// Keeps a part of a picture.
struct CropCommand: Command {
    let declaration = CommandDeclaration(
        "crop",
        .media,
        Phrase(
            en: "Keeps a part of a picture: square, circle, a ratio such as 16:9, or an area such as 300x200+10+20.",
            id: "Memotong gambar: square, circle, rasio seperti 16:9, atau bidang seperti 300x200+10+20."
        ),
        arguments: [
            CommandArgument(
                "shape",
                "bentuk",
                .word,
                optional: true,
                Phrase(en: "square, circle, 16:9 or 300x200+10+20.", id: "square, circle, 16:9, atau 300x200+10+20.")
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let word = context.arguments["shape"] ?? "square"
        guard let shape = CropShape(word) else {
            throw context.refusal(
                Phrase(en: "“\(word.prefix(40))” is no shape.", id: "“\(word.prefix(40))” bukan bentuk.")
            )
        }
        let bytes = try await context.fileContent([.image, .sticker, .document])
        try await context.working {
            try await context.replyPicture(try await tools.crop(bytes, to: shape, for: context.toolKey))
        }
    }
}
