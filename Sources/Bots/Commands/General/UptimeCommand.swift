/// Says for how long the bot has been running.
struct UptimeCommand: Command {
    let declaration = CommandDeclaration(
        "uptime",
        aliases: ["runtime"],
        .general,
        Phrase(en: "Says for how long the server has been running.", id: "Menampilkan sudah berapa lama server aktif.")
    )

    func run(_ context: CommandContext) async throws {
        try await context.reply(
            Phrase(en: "Up for \(context.services.uptime()).", id: "Aktif selama \(context.services.uptime()).")
        )
    }
}
