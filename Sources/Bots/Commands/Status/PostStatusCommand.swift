import WhatsApp
import WhatsAppCrypto
import WhatsAppWire

/// Posts a status.
struct PostStatusCommand: Command {
    let declaration = CommandDeclaration(
        "poststatus",
        aliases: ["setstatus", "post"],
        .status,
        Phrase(
            en: "Posts a text, or the image or video that is sent or answered, as a status.",
            id: "Memasang teks, atau gambar atau video yang dikirim atau dibalas, sebagai status."
        ),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The text, or what stands below the picture.", id: "Teksnya, atau keterangan gambar.")
            )
        ],
        permissions: [.owner],
        timeLimit: .seconds(120),
        isDoneOnce: true
    )

    private static let limit: UInt64 = 32 << 20

    func run(_ context: CommandContext) async throws {
        let text = context.arguments["text"]
        let content: OutgoingContent
        if context.hasMedia([.image, .video]) {
            let media = try await context.attachedOrQuoted([.image, .video], limit: Self.limit)
            let uploaded = try await context.upload(.file(media.file), as: media.kind)
            content =
                media.kind == .image
                ? .image(OutgoingImage(media: uploaded, caption: text))
                : .video(OutgoingVideo(media: uploaded, caption: text))
        } else {
            let text = try context.textOrQuoted("text")
            guard text.count <= 700 else {
                throw CommandRefusal(
                    Phrase(en: "A status has at most 700 characters.", id: "Status paling banyak 700 karakter.")
                )
            }
            content = .text(OutgoingText(text, style: TextStyle()))
        }
        try await context.send(content, to: .status)
        try await context.reply(Phrase(en: "The status is posted.", id: "Status sudah dipasang."))
    }
}
