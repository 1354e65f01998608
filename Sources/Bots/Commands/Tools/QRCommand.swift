import QRCodes

/// Makes a QR code.
struct QRCommand: Command {
    let declaration = CommandDeclaration(
        "qr",
        aliases: ["qrcode"],
        .tools,
        "Makes a QR code of a text or an address.",
        arguments: [CommandArgument("text", .text, optional: true, "The text; else the answered message.")]
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("text")
        guard let code = try? QRCode(encoding: text) else {
            throw context.refusal("This text is too long for a QR code.")
        }
        try await context.replyPicture(code.png())
    }
}
