/// Removes a command that was made.
struct DeleteCommandCommand: Command {
    let declaration = CommandDeclaration(
        "delcmd",
        aliases: ["removecmd"],
        .automation,
        Phrase(
            en: "Removes a command that was made with addcmd or in the panel.",
            id: "Menghapus perintah yang dibuat dengan addcmd atau di panel."
        ),
        arguments: [CommandArgument("name", "nama", .word, Phrase(en: "Which.", id: "Yang mana."))],
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let repository = AutomationRepository(database: context.store.database)
        guard try await repository.deleteCommand(name, of: context.bot.id) else {
            throw CommandRefusal(
                Phrase(en: "There is no such command of your own.", id: "Tidak ada perintah sendiri dengan nama itu.")
            )
        }
        try await context.store.live.refresh(context.bot.id)
        try await context.reply(
            Phrase(en: "\(context.prefix)\(name) is gone.", id: "\(context.prefix)\(name) sudah dihapus.")
        )
    }
}
