import MediaTools
import WhatsApp

/// Whose stickers they are, as phones show it.
struct StickerPack: Sendable, Equatable {
    var name: String
    var author: String

    static let settings = [
        CommandSetting(
            "pack",
            .text(limit: 64),
            standard: Phrase(same: "Wharf"),
            help: Phrase(en: "The name of the pack.", id: "Nama paket stiker.")
        ),
        CommandSetting(
            "author",
            .text(limit: 64),
            standard: Phrase(same: "Wharf"),
            help: Phrase(en: "Who made the pack.", id: "Pembuat paket stiker.")
        ),
    ]

    /// `Pack | Author`, where each may be missing.
    init(_ text: String?, _ context: CommandContext) {
        let parts = (text ?? "").split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0.drop(while: \.isWhitespace).prefix(64)) }
            .map { text in String(text.reversed().drop(while: \.isWhitespace).reversed()) }
        let name = parts.first.flatMap { $0.isEmpty ? nil : $0 }
        let author = parts.dropFirst().first.flatMap { $0.isEmpty ? nil : $0 }
        self.name = name ?? context.setting("pack")
        self.author = author ?? context.setting("author")
    }

    /// The sticker with this in its metadata; a file that is no WebP is refused.
    func written(into webp: [UInt8]) throws -> [UInt8] {
        let metadata = StickerMetadata(packID: "wharf.\(name)".lowercased(), packName: name, publisher: author)
        guard let written = metadata.written(into: webp) else { throw ToolError.unsupportedInput }
        return written
    }
}

extension CommandContext {
    /// Answers with a sticker of this pack.
    func replySticker(_ sticker: MadeSticker, _ pack: StickerPack) async throws {
        try await replySticker(.bytes(try pack.written(into: sticker.webp)), isAnimated: sticker.isAnimated)
    }
}
