import MediaTools

/// Makes a sticker of a message.
struct QuoteStickerCommand: Command {
    let declaration = CommandDeclaration(
        "quote",
        aliases: ["qc", "quotesticker", "quotely"],
        .media,
        Phrase(
            en: "Makes a sticker that shows a message as a bubble with its author's name.",
            id: "Membuat stiker dari sebuah pesan, lengkap dengan nama penulisnya."
        ),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(
                    en: "What the bubble says, where no message is answered.",
                    id: "Isinya, bila tidak membalas pesan."
                )
            )
        ],
        settings: StickerPack.settings
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let text = try context.textOrQuoted("text")
        let isOwn = context.arguments["text"] != nil
        let author = isOwn ? context.sender : context.quoted ?? context.sender
        // Only who writes now tells a name; of others the number is known.
        let isSender = author.isSame(as: context.sender)
        let pushName = isSender ? context.message.pushName : nil
        let name =
            pushName ?? author.number.map { "+\($0)" } ?? Phrase(en: "Somebody", id: "Seseorang").text(context.language)
        try await context.working {
            let sticker = try await tools.quoteSticker(name: name, text: text, face: nil, for: context.toolKey)
            try await context.replySticker(sticker, StickerPack(nil, context))
        }
    }
}
