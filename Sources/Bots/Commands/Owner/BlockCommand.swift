import WhatsApp

/// Blocks people.
struct BlockCommand: Command {
    let declaration = CommandDeclaration(
        "block",
        .owner,
        Phrase(en: "Blocks people for the bot's account.", id: "Memblokir orang dari akun bot."),
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
        for person in people.prefix(20) { try await context.session.block(person.jid) }
        let names = people.map(\.mention).joined(separator: ", ")
        try await context.reply(
            Phrase(en: "\(names): blocked.", id: "\(names): diblokir."),
            mentions: people.map(\.jid)
        )
    }
}
