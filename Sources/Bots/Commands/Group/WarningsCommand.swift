import WhatsAppWire

/// Shows warnings.
struct WarningsCommand: Command {
    let declaration = CommandDeclaration(
        "warnings",
        aliases: ["warns", "listwarn"],
        .group,
        Phrase(
            en: "Shows who was warned how often, or the warnings of somebody.",
            id: "Menampilkan siapa yang diperingatkan dan berapa kali."
        ),
        arguments: [
            CommandArgument(
                "member",
                "anggota",
                .people,
                optional: true,
                Phrase(en: "Who; nobody for all.", id: "Siapa; kosong untuk semua.")
            )
        ],
        permissions: [.groupOnly]
    )

    func run(_ context: CommandContext) async throws {
        let repository = WarningRepository(database: context.store.database)
        let limit = context.chatSettings?.warnLimit ?? context.conduct.warnLimit
        if let named = context.people.first {
            let person = try await context.member(named)
            let count = try await repository.count(person.key, in: context.chat.description, of: context.bot.id)
            try await context.reply(
                Phrase(
                    en: "\(person.mention) has \(count) of \(limit) warnings.",
                    id: "\(person.mention) punya \(count) dari \(limit) peringatan."
                ),
                mentions: [person.jid]
            )
            return
        }
        let warnings = try await repository.list(context.bot.id, in: context.chat.description)
        guard !warnings.isEmpty else {
            try await context.reply(Phrase(en: "Nobody has a warning.", id: "Belum ada yang diperingatkan."))
            return
        }
        let people = warnings.prefix(50).compactMap { warning in JID(warning.person).map { ($0, warning) } }
        let lines = people.map { jid, warning in
            let reason = warning.lastReason.map { " (\($0))" } ?? ""
            return Phrase(
                en: "@\(jid.user): \(warning.count) of \(limit)\(reason)",
                id: "@\(jid.user): \(warning.count) dari \(limit)\(reason)"
            )
        }
        try await context.reply(
            ([Phrase(en: "*Warnings*", id: "*Peringatan*")] + lines).joined(separator: "\n"),
            mentions: people.map(\.0)
        )
    }
}
