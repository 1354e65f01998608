import MediaTools
import WhatsApp

/// Makes a sticker of a message.
struct QuoteStickerCommand: Command {
    let declaration = CommandDeclaration(
        "quote",
        aliases: ["qc", "quotesticker", "quotely"],
        .media,
        Phrase(
            en: "Makes a sticker that shows a message as a bubble with its author's name and picture.",
            id: "Membuat stiker dari sebuah pesan, lengkap dengan nama dan foto penulisnya."
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
        let named = isOwn ? context.sender : context.quoted ?? context.sender
        let author = try await context.member(named)
        let name = await Self.name(of: author, with: isOwn ? nil : context.quote?.id, context)
        try await context.working {
            let face = await Self.face(of: author, context)
            let sticker: MadeSticker
            do throws(ToolError) {
                sticker = try await tools.quoteSticker(name: name, text: text, face: face, for: context.toolKey)
            } catch {
                // A picture that nobody can read is no reason to make nothing.
                guard face != nil, error != .cancelled, error != .busy else { throw error }
                sticker = try await tools.quoteSticker(name: name, text: text, face: nil, for: context.toolKey)
            }
            try await context.replySticker(sticker, StickerPack(nil, context))
        }
    }

    /// As the author calls themself, else the number.
    private static func name(of author: Person, with message: String?, _ context: CommandContext) async -> String {
        if author.isSame(as: context.sender), let name = context.message.pushName, !name.isEmpty { return name }
        let told = await context.session.pushName(of: author.jid, with: message ?? context.message.id, in: context.chat)
        return told ?? author.number.map { "+\($0)" }
            ?? Phrase(en: "Somebody", id: "Seseorang").text(context.language)
    }

    /// The author's picture, where the bot may see it.
    private static func face(of author: Person, _ context: CommandContext) async -> [UInt8]? {
        let found = try? await context.session.picture(of: author.jid, isPreview: true)
        guard case .found(let picture) = found else { return nil }
        return await context.session.content(of: picture)
    }
}
