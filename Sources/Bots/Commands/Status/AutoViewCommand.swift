/// Looks at statuses by itself.
struct AutoViewCommand: Command {
    let declaration = CommandDeclaration(
        "autoview",
        aliases: ["autostatus", "viewstatus"],
        .status,
        Phrase(en: "Looks at the statuses of contacts by itself.", id: "Melihat status kontak secara otomatis."),
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
        try await context.changeConduct { $0.viewsStatuses = isOn }
        try await context.reply(
            isOn
                ? Phrase(en: "Statuses are looked at.", id: "Status dilihat otomatis.")
                : Phrase(en: "Statuses are not looked at.", id: "Status tidak dilihat otomatis.")
        )
    }
}
