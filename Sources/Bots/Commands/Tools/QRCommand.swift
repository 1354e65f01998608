import QRCodes

/// Makes a QR code.
struct QRCommand: Command {
    let declaration = CommandDeclaration(
        "qr",
        aliases: ["qrcode"],
        .tools,
        Phrase(en: "Makes a QR code of a text or an address.", id: "Membuat kode QR dari teks atau alamat."),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The text; else the answered message.", id: "Teksnya; kalau kosong, pesan yang dibalas.")
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("text")
        guard let code = try? QRCode(encoding: text) else {
            throw context.refusal(
                Phrase(en: "This text is too long for a QR code.", id: "Teks ini terlalu panjang untuk kode QR.")
            )
        }
        try await context.replyPicture(code.png())
    }
}
