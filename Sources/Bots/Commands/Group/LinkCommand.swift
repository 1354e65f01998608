import WhatsApp

/// Shows the invite link.
struct LinkCommand: Command {
    let declaration = CommandDeclaration(
        "link",
        aliases: ["grouplink", "invitelink"],
        .group,
        Phrase(en: "Shows the group's invite link.", id: "Menampilkan tautan undangan grup."),
        permissions: [.groupOnly, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let code = try await context.session.inviteCode(of: context.chat)
        try await context.reply(verbatim: "https://chat.whatsapp.com/\(code)")
    }
}
