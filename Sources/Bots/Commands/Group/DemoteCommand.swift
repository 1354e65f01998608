import WhatsApp

/// Makes administrators plain members.
struct DemoteCommand: Command {
    let declaration = CommandDeclaration(
        "demote",
        aliases: ["unadmin"],
        .group,
        Phrase(en: "Makes administrators plain members.", id: "Menjadikan admin anggota biasa."),
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
        try await context.change(.demote) { names, count in
            Phrase(
                en: "\(names) \(of: count, "is no administrator", "are no administrators") any more.",
                id: "\(names) bukan admin lagi."
            )
        }
    }
}
