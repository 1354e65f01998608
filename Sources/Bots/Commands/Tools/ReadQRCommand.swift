import MediaTools
import WhatsAppCrypto

/// Reads a QR code.
struct ReadQRCommand: Command {
    let declaration = CommandDeclaration(
        "readqr",
        aliases: ["scanqr", "qrread"],
        .tools,
        "Reads the QR codes in an image."
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.image, .sticker, .document], limit: 16 << 20)
        try await context.working {
            let texts = try await tools.readCodes(in: bytes, for: context.toolKey)
            guard !texts.isEmpty else { throw CommandRefusal("There is no QR code in this image.") }
            try await context.reply(texts.joined(separator: "\n"))
        }
    }
}
