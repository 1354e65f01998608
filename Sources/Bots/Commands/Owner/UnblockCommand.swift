import WhatsApp

/// Unblocks people.
struct UnblockCommand: Command {
    let declaration = CommandDeclaration(
        "unblock",
        .owner,
        Phrase(en: "Unblocks people for the bot's account.", id: "Membuka blokir orang dari akun bot."),
        arguments: [
            CommandArgument(
                "person",
                "orang",
                .people,
                optional: true,
                Phrase(
                    en: "Who; in a private chat nobody for the other person.",
                    id: "Siapa; di chat pribadi kosong berarti lawan bicara."
                )
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let people = try await context.peopleOrPartner()
        for person in people.prefix(20) { try await context.session.unblock(person.jid) }
        let names = people.map(\.mention).joined(separator: ", ")
        try await context.reply(
            Phrase(en: "\(names): not blocked any more.", id: "\(names): tidak diblokir lagi."),
            mentions: people.map(\.jid)
        )
    }
}
