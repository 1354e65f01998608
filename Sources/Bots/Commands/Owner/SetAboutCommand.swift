import WhatsApp

/// Changes the account's about text.
struct SetAboutCommand: Command {
    let declaration = CommandDeclaration(
        "setabout",
        aliases: ["setbio"],
        .owner,
        Phrase(en: "Changes the text below the account's name.", id: "Mengganti teks info (about) akun."),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                Phrase(en: "At most 139 characters.", id: "Paling banyak 139 karakter.")
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        try await context.session.setAbout(context.arguments["text"] ?? "")
        try await context.reply(Phrase(en: "The text is changed.", id: "Teksnya sudah diganti."))
    }
}
