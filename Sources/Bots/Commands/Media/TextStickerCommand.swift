import MediaTools

/// Makes a sticker of a text.
struct TextStickerCommand: Command {
    let declaration = CommandDeclaration(
        "ttp",
        aliases: ["textsticker"],
        .media,
        "Makes a sticker of a text.",
        arguments: [
            CommandArgument("text", .text, optional: true, "What the sticker says; else the answered message.")
        ],
        timeLimit: .seconds(60),
        settings: StickerPack.settings
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let text = try context.textOrQuoted("text")
        try await context.working {
            let sticker = try await tools.textSticker(text, isAnimated: false, for: context.toolKey)
            try await context.replySticker(sticker, StickerPack(nil, context))
        }
    }
}
