import WhatsApp
import WhatsAppCrypto
import WhatsAppWire

/// Posts a status.
struct PostStatusCommand: Command {
    let declaration = CommandDeclaration(
        "poststatus",
        aliases: ["setstatus", "post"],
        .status,
        "Posts a text, or the image or video that is sent or answered, as a status.",
        arguments: [CommandArgument("text", .text, optional: true, "The text, or what stands below the picture.")],
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
            guard text.count <= 700 else { throw CommandRefusal("A status has at most 700 characters.") }
            content = .text(OutgoingText(text, style: TextStyle()))
        }
        try await context.send(content, to: .status)
        try await context.reply("The status is posted.")
    }
}
