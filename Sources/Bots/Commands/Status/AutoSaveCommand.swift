/// Keeps statuses by itself.
struct AutoSaveCommand: Command {
    let declaration = CommandDeclaration(
        "autosave",
        aliases: ["savestatuses"],
        .status,
        Phrase(
            en: "Sends the statuses of contacts to the bot's own chat, where they stay.",
            id: "Menyimpan status kontak di chat bot sendiri."
        ),
        arguments: [
            CommandArgument(
                "state",
                "status",
                .choice(["on", "off"]),
                Phrase(en: "On or off.", id: "Hidup (on) atau mati (off).")
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let isOn = context.arguments["state"] == "on"
        try await context.changeConduct { $0.savesStatuses = isOn }
        try await context.reply(
            isOn
                ? Phrase(en: "Statuses are kept.", id: "Status disimpan.")
                : Phrase(en: "Statuses are not kept.", id: "Status tidak disimpan.")
        )
    }
}
