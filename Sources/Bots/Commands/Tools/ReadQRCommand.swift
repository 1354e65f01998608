import MediaTools
import WhatsAppCrypto

/// Reads a QR code.
struct ReadQRCommand: Command {
    let declaration = CommandDeclaration(
        "readqr",
        aliases: ["scanqr", "qrread"],
        .tools,
        Phrase(en: "Reads the QR codes in an image.", id: "Membaca kode QR dalam gambar.")
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.image, .sticker, .document], limit: 16 << 20)
        try await context.working {
            let texts = try await tools.readCodes(in: bytes, for: context.toolKey)
            guard !texts.isEmpty else {
                throw CommandRefusal(
                    Phrase(en: "There is no QR code in this image.", id: "Tidak ada kode QR dalam gambar ini.")
                )
            }
            try await context.reply(verbatim: texts.joined(separator: "\n"))
        }
    }
}
