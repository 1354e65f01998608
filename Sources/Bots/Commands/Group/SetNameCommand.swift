import WhatsApp

/// Changes the group's subject.
struct SetNameCommand: Command {
    let declaration = CommandDeclaration(
        "setname",
        aliases: ["setsubject", "gname"],
        .group,
        Phrase(en: "Changes the group's name.", id: "Mengganti nama grup."),
        arguments: [
            CommandArgument(
                "name",
                "nama",
                .text,
                Phrase(en: "At most 100 characters.", id: "Paling banyak 100 karakter.")
            )
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = context.arguments["name"] ?? ""
        try await context.session.setSubject(name, of: context.chat)
        try await context.reply(Phrase(en: "The group is called “\(name)” now.", id: "Nama grup sekarang “\(name)”."))
    }
}
