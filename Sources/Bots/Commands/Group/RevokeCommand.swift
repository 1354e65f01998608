import WhatsApp

/// Makes the invite link worthless.
struct RevokeCommand: Command {
    let declaration = CommandDeclaration(
        "revoke",
        aliases: ["resetlink", "newlink"],
        .group,
        Phrase(
            en: "Makes the invite link worthless and shows the new one.",
            id: "Mencabut tautan undangan dan menampilkan yang baru."
        ),
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let code = try await context.session.resetInviteCode(of: context.chat)
        try await context.reply(
            Phrase(
                en: "The old link is worthless. The new one: https://chat.whatsapp.com/\(code)",
                id: "Tautan lama tidak berlaku lagi. Yang baru: https://chat.whatsapp.com/\(code)"
            )
        )
    }
}
