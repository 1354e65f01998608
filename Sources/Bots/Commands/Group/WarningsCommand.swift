import WhatsAppWire

/// Shows warnings.
struct WarningsCommand: Command {
    let declaration = CommandDeclaration(
        "warnings",
        aliases: ["warns", "listwarn"],
        .group,
        "Shows who was warned how often, or the warnings of somebody.",
        arguments: [CommandArgument("member", .people, optional: true, "Who; nobody for all.")],
        permissions: [.groupOnly]
    )

    func run(_ context: CommandContext) async throws {
        let repository = WarningRepository(database: context.store.database)
        let limit = context.chatSettings?.warnLimit ?? context.conduct.warnLimit
        if let named = context.people.first {
            let person = try await context.member(named)
            let count = try await repository.count(person.key, in: context.chat.description, of: context.bot.id)
            try await context.reply("\(person.mention) has \(count) of \(limit) warnings.", mentions: [person.jid])
            return
        }
        let warnings = try await repository.list(context.bot.id, in: context.chat.description)
        guard !warnings.isEmpty else {
            try await context.reply("Nobody has a warning.")
            return
        }
        let people = warnings.prefix(50).compactMap { warning in JID(warning.person).map { ($0, warning) } }
        let lines = people.map { jid, warning in
            "@\(jid.user): \(warning.count) of \(limit)\(warning.lastReason.map { " (\($0))" } ?? "")"
        }
        try await context.reply((["*Warnings*"] + lines).joined(separator: "\n"), mentions: people.map(\.0))
    }
}
