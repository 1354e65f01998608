import WhatsApp

/// Tells everybody in the group without naming them.
struct HideTagCommand: Command {
    let declaration = CommandDeclaration(
        "hidetag",
        aliases: ["htag", "tag"],
        .group,
        Phrase(
            en: "Tells every member a text, or the one that is answered, without a list of names.",
            id: "Memberi tahu semua anggota tanpa daftar nama: teks, atau pesan yang dibalas."
        ),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "What they are told.", id: "Teks untuk mereka.")
            )
        ],
        permissions: [.groupOnly, .groupAdmin],
        coolDown: .seconds(10)
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("text")
        let members = try await context.group().members.map(\.jid).prefix(1_024)
        try await context.send(.text(.init(text)), mentions: Array(members))
    }
}
