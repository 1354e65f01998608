/// Watches for other bots.
struct AntiBotCommand: Command {
    let declaration = CommandDeclaration(
        "antibot",
        .group,
        Phrase(
            en: "Takes away messages of other bots, and warns or removes them.",
            id: "Menghapus pesan bot lain, lalu memperingatkan atau mengeluarkannya."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["off", "delete", "warn", "kick"]),
                Phrase(en: "What is done.", id: "Tindakannya.")
            )
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let action = ModerationAction(rawValue: context.arguments["action"] ?? "")
        try await context.changeChat { $0.bots = action }
        try await context.reply(
            action.map { Phrase(en: "Other bots: \($0.word).", id: "Bot lain: \($0.word).") }
                ?? Phrase(en: "Other bots are allowed.", id: "Bot lain diizinkan.")
        )
    }
}
