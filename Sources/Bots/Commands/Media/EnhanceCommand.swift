import MediaTools
import WhatsAppCrypto

/// Makes a picture better, or other.
struct EnhanceCommand: Command {
    let declaration = CommandDeclaration(
        "enhance",
        aliases: ["hd", "filter-image", "effect"],
        .media,
        Phrase(
            en: "Puts a filter on a picture: \(ImageFilter.allCases.map(\.rawValue).joined(separator: ", ")).",
            id: "Memberi filter pada gambar: \(ImageFilter.allCases.map(\.rawValue).joined(separator: ", "))."
        ),
        arguments: [
            CommandArgument(
                "filter",
                "filter",
                .choice(ImageFilter.allCases.map(\.rawValue)),
                optional: true,
                Phrase(
                    en: "Without one the picture is cleaned, sharpened and given more contrast.",
                    id: "Tanpa pilihan, gambar dibersihkan, dipertajam, dan diberi kontras."
                )
            )
        ],
        timeLimit: .seconds(60)
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let filter = context.arguments["filter"].flatMap { ImageFilter(rawValue: $0) } ?? .enhance
        let bytes = try await context.fileContent([.image, .sticker, .document])
        try await context.working {
            try await context.replyPicture(try await tools.apply(filter, to: bytes, for: context.toolKey))
        }
    }
}
