import WhatsApp

/// Unblocks people.
struct UnblockCommand: Command {
    let declaration = CommandDeclaration(
        "unblock",
        .owner,
        "Unblocks people for the bot's account.",
        arguments: [
            CommandArgument("person", .people, optional: true, "Who; in a private chat nobody for the other person.")
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let people = try await context.peopleOrPartner()
        for person in people.prefix(20) { try await context.session.unblock(person.jid) }
        let names = people.map(\.mention).joined(separator: ", ")
        try await context.reply("\(names): not blocked any more.", mentions: people.map(\.jid))
    }
}
