import WhatsApp

/// Removes people from the group.
struct KickCommand: Command {
    let declaration = CommandDeclaration(
        "kick",
        aliases: ["remove", "ban"],
        .group,
        Phrase(en: "Removes people from the group.", id: "Mengeluarkan anggota dari grup."),
        arguments: [
            CommandArgument(
                "member",
                "anggota",
                .people,
                Phrase(
                    en: "Who: mentioned, as a number, or by answering their message.",
                    id: "Siapa: sebut orangnya, tulis nomornya, atau balas pesannya."
                )
            )
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.change(.remove) {
            Phrase(en: "\($0) \(of: $1, "was", "were") removed.", id: "\($0) dikeluarkan.")
        }
    }
}
