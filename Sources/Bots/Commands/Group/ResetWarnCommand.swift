import WhatsAppWire

/// Takes warnings back.
struct ResetWarnCommand: Command {
    let declaration = CommandDeclaration(
        "resetwarn",
        aliases: ["unwarn", "delwarn"],
        .group,
        Phrase(en: "Takes back all warnings of somebody.", id: "Mencabut semua peringatan seseorang."),
        arguments: [CommandArgument("member", "anggota", .people, Phrase(en: "Who.", id: "Siapa."))],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let repository = WarningRepository(database: context.store.database)
        var lines: [Phrase] = []
        var mentions: [JID] = []
        for named in context.people.prefix(20) {
            let person = try await context.member(named)
            let count = try await repository.reset(person.key, in: context.chat.description, of: context.bot.id)
            lines.append(
                Phrase(en: "\(person.mention): \(count) taken back.", id: "\(person.mention): \(count) dicabut.")
            )
            mentions.append(person.jid)
        }
        try await context.reply(lines.joined(separator: "\n"), mentions: mentions)
    }
}
