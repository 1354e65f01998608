import WhatsApp

/// Takes a message away.
struct DeleteCommand: Command {
    let declaration = CommandDeclaration(
        "del",
        aliases: ["delete"],
        .group,
        Phrase(en: "Takes away the message that is answered.", id: "Menghapus pesan yang dibalas."),
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard let target = await context.quotedTarget else {
            throw context.refusal(Phrase(en: "Answer the message.", id: "Balas pesannya."))
        }
        try await context.send(OutgoingMessage(.revoke(target)), to: context.chat)
    }
}
