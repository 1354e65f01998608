import Fleet

/// Starts the bot's session anew.
struct RestartCommand: Command {
    let declaration = CommandDeclaration(
        "restart",
        aliases: ["reboot"],
        .owner,
        Phrase(
            en: "Starts the bot anew; variables that were changed hold from then on.",
            id: "Menjalankan ulang bot; variabel yang diubah berlaku sejak itu."
        ),
        permissions: [.owner],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.reply(Phrase(en: "I am back in a moment.", id: "Sebentar, saya segera kembali."))
        try await context.services.hosting.scheduler.restart(context.bot.session)
    }
}
