import WhatsApp

/// Lets everybody write again.
struct OpenCommand: Command {
    let declaration = CommandDeclaration(
        "open",
        aliases: ["unmute"],
        .group,
        Phrase(en: "Lets everybody write again.", id: "Membuka grup: semua anggota bisa menulis lagi."),
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        try await context.session.set(.announcement(false), of: context.chat)
        try await context.reply(
            Phrase(en: "Everybody can write now.", id: "Grup dibuka. Sekarang semua anggota bisa menulis.")
        )
    }
}
