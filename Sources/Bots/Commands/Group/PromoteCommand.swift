import WhatsApp

/// Makes members administrators.
struct PromoteCommand: Command {
    let declaration = CommandDeclaration(
        "promote",
        aliases: ["admin"],
        .group,
        Phrase(en: "Makes members administrators.", id: "Menjadikan anggota admin grup."),
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
        try await context.change(.promote) { names, count in
            Phrase(
                en: "\(names) \(of: count, "is an administrator", "are administrators") now.",
                id: "\(names) sekarang admin."
            )
        }
    }
}
