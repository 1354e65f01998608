import Foundation

/// Writes a text in Base64, or reads it.
struct Base64Command: Command {
    let declaration = CommandDeclaration(
        "base64",
        aliases: ["b64"],
        .tools,
        Phrase(
            en: "Writes a text in Base64, or with --decode reads it.",
            id: "Mengubah teks ke Base64, atau membacanya dengan --decode."
        ),
        arguments: [
            CommandArgument(flag: "decode", Phrase(en: "Read instead of write.", id: "Baca, bukan tulis.")),
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The text; else the answered message.", id: "Teksnya; kalau kosong, pesan yang dibalas.")
            ),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("text")
        guard context.arguments.has(flag: "decode") else {
            try await context.reply(verbatim: Data(text.utf8).base64EncodedString())
            return
        }
        let letters = text.filter { !$0.isWhitespace }
        guard let data = Data(base64Encoded: letters), let decoded = String(validating: data, as: UTF8.self) else {
            throw context.refusal(Phrase(en: "This is no text in Base64.", id: "Ini bukan teks Base64."))
        }
        try await context.reply(verbatim: decoded)
    }
}
