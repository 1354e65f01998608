import Foundation

/// Writes a text in Base64, or reads it.
struct Base64Command: Command {
    let declaration = CommandDeclaration(
        "base64",
        aliases: ["b64"],
        .tools,
        "Writes a text in Base64, or with --decode reads it.",
        arguments: [
            CommandArgument("decode", .flag, "Read instead of write."),
            CommandArgument("text", .text, optional: true, "The text; else the answered message."),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("text")
        guard context.arguments.has(flag: "decode") else {
            try await context.reply(Data(text.utf8).base64EncodedString())
            return
        }
        let letters = text.filter { !$0.isWhitespace }
        guard let data = Data(base64Encoded: letters), let decoded = String(validating: data, as: UTF8.self) else {
            throw context.refusal("This is no text in Base64.")
        }
        try await context.reply(decoded)
    }
}
