import WhatsApp

/// Adds people to the group.
struct AddCommand: Command {
    let declaration = CommandDeclaration(
        "add",
        aliases: ["invite"],
        .group,
        Phrase(en: "Adds people to the group.", id: "Menambahkan anggota ke grup."),
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
        try await context.change(.add) {
            Phrase(en: "\($0) \(of: $1, "was", "were") added.", id: "\($0) ditambahkan.")
        }
    }
}
