import MediaTools

/// Makes a sticker of a text that goes through the colours.
struct AnimatedTextStickerCommand: Command {
    let declaration = CommandDeclaration(
        "attp",
        aliases: ["atext"],
        .media,
        "Makes a sticker of a text that goes through the colours.",
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
            let sticker = try await tools.textSticker(text, isAnimated: true, for: context.toolKey)
            try await context.replySticker(sticker, StickerPack(nil, context))
        }
    }
}
