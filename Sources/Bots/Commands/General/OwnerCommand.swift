import WhatsApp

/// Sends the owner's contact.
struct OwnerCommand: Command {
    let declaration = CommandDeclaration(
        "owner",
        aliases: ["creator", "contact"],
        .general,
        "Sends the contact of the bot's owner."
    )

    func run(_ context: CommandContext) async throws {
        let own = try await context.own().number
        guard let number = context.conduct.owners.first ?? own, let phone = try? PhoneNumber(parsing: number) else {
            throw CommandRefusal("The owner has not said who they are.")
        }
        let name = context.conduct.ownerName ?? "Owner of \(context.conduct.name)"
        try await context.reply(.contacts([ContactCard(name: name, number: phone)]))
    }
}
