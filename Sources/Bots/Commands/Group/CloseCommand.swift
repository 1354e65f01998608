import WhatsApp

/// Lets only administrators write.
struct CloseCommand: Command {
    let declaration = CommandDeclaration(
        "close",
        aliases: ["mute"],
        .group,
        Phrase(en: "Lets only administrators write.", id: "Menutup grup: hanya admin yang bisa menulis."),
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        try await context.session.set(.announcement(true), of: context.chat)
        try await context.reply(
            Phrase(
                en: "Only administrators can write now.",
                id: "Grup ditutup. Sekarang hanya admin yang bisa menulis."
            )
        )
    }
}
