import WhatsApp

/// Changes the group's description.
struct SetDescriptionCommand: Command {
    let declaration = CommandDeclaration(
        "setdesc",
        aliases: ["setdescription", "gdesc"],
        .group,
        Phrase(
            en: "Changes the group's description, or removes it.",
            id: "Mengganti deskripsi grup, atau menghapusnya."
        ),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The description; nothing removes it.", id: "Deskripsinya; kosong berarti dihapus.")
            )
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let text = context.arguments["text"]
        try await context.session.setDescription(text, of: context.chat)
        try await context.reply(
            text == nil
                ? Phrase(en: "The description is gone.", id: "Deskripsi sudah dihapus.")
                : Phrase(en: "The description is changed.", id: "Deskripsi sudah diganti.")
        )
    }
}
