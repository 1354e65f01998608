/// Lets the bot be silent in a chat.
struct SilenceCommand: Command {
    let declaration = CommandDeclaration(
        "silence",
        aliases: ["mutebot"],
        .owner,
        Phrase(
            en: "Lets the bot answer nobody in this chat but its owner's commands, or everybody again.",
            id: "Membuat bot diam di chat ini kecuali untuk perintah pemilik, atau menjawab lagi."
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
        try await context.changeChat { $0.isSilent = isOn ? true : nil }
        try await context.reply(
            isOn
                ? Phrase(en: "I am silent here.", id: "Saya diam di sini.")
                : Phrase(en: "I answer here again.", id: "Saya menjawab lagi di sini.")
        )
    }
}
