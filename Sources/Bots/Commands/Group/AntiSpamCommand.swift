/// Watches for floods.
struct AntiSpamCommand: Command {
    let declaration = CommandDeclaration(
        "antispam",
        aliases: ["antiflood"],
        .group,
        Phrase(
            en: "Takes away messages of who writes too many at once, and warns or removes them.",
            id: "Menghapus pesan orang yang membanjiri grup, lalu memperingatkan atau mengeluarkannya."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["off", "delete", "warn", "kick"]),
                Phrase(en: "What is done.", id: "Tindakannya.")
            ),
            CommandArgument(
                "messages",
                "pesan",
                .number(ChatSettings.floodMessages),
                optional: true,
                Phrase(
                    en: "So many are too many, 6 if nothing is said,",
                    id: "Sebanyak ini terlalu banyak, biasanya 6,"
                )
            ),
            CommandArgument(
                "seconds",
                "detik",
                .number(ChatSettings.floodSeconds),
                optional: true,
                Phrase(en: "within so many seconds, else 8.", id: "dalam sekian detik, biasanya 8.")
            ),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard let action = ModerationAction(rawValue: context.arguments["action"] ?? "") else {
            try await context.changeChat { $0.flood = nil }
            try await context.reply(Phrase(en: "Floods are not watched.", id: "Banjir pesan tidak diawasi."))
            return
        }
        var rule = FloodRule(action: action)
        rule.messages = context.arguments.number("messages") ?? rule.messages
        rule.seconds = context.arguments.number("seconds") ?? rule.seconds
        let wanted = rule
        try await context.changeChat { $0.flood = wanted }
        try await context.reply(
            Phrase(
                en: "More than \(rule.messages) messages within \(rule.seconds) s: \(action.word).",
                id: "Lebih dari \(rule.messages) pesan dalam \(rule.seconds) detik: \(action.word)."
            )
        )
    }
}
