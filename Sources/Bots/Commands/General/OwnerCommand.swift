import WhatsApp

/// Sends the owner's contact.
struct OwnerCommand: Command {
    let declaration = CommandDeclaration(
        "owner",
        aliases: ["creator", "contact"],
        .general,
        Phrase(en: "Sends the contact of the bot's owner.", id: "Mengirim kontak pemilik bot.")
    )

    func run(_ context: CommandContext) async throws {
        let own = try await context.own().number
        guard let number = context.conduct.owners.first ?? own, let phone = try? PhoneNumber(parsing: number) else {
            throw CommandRefusal(
                Phrase(en: "The owner has not said who they are.", id: "Pemilik bot belum mencantumkan nomornya.")
            )
        }
        let name =
            context.conduct.ownerName
            ?? Phrase(en: "Owner of \(context.conduct.name)", id: "Pemilik \(context.conduct.name)").text(
                context.language
            )
        try await context.reply(.contacts([ContactCard(name: name, number: phone)]))
    }
}
