/// Shows again what is taken back.
struct AntiDeleteCommand: Command {
    let declaration = CommandDeclaration(
        "antidelete",
        .group,
        Phrase(
            en: "Shows again what members delete or change.",
            id: "Menampilkan lagi pesan yang dihapus atau diubah anggota."
        ),
        arguments: [
            CommandArgument(
                "state",
                "status",
                .choice(["on", "off"]),
                Phrase(en: "On or off.", id: "Hidup (on) atau mati (off).")
            )
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let isOn = context.arguments["state"] == "on"
        try await context.changeChat { $0.keepsDeleted = isOn }
        try await context.reply(
            isOn
                ? Phrase(en: "Deleted messages are shown again.", id: "Pesan yang dihapus akan ditampilkan lagi.")
                : Phrase(en: "Deleted messages stay deleted.", id: "Pesan yang dihapus tetap terhapus.")
        )
    }
}
