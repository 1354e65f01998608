/// Sets after how many warnings what is done.
struct WarnLimitCommand: Command {
    let declaration = CommandDeclaration(
        "warnlimit",
        aliases: ["setwarn"],
        .group,
        Phrase(
            en: "Sets after how many warnings somebody is removed, or only told.",
            id: "Mengatur setelah berapa peringatan seseorang dikeluarkan, atau hanya ditegur."
        ),
        arguments: [
            CommandArgument(
                "limit",
                "batas",
                .number(ConductSettings.warnLimits),
                Phrase(en: "How many.", id: "Berapa.")
            ),
            CommandArgument(
                "action",
                "aksi",
                .choice(["kick", "warn"]),
                optional: true,
                Phrase(en: "What is done then.", id: "Tindakan sesudahnya.")
            ),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let limit = context.arguments.number("limit") ?? BotConduct.warnLimit
        let action = context.arguments["action"].flatMap { ModerationAction(rawValue: $0) } ?? .kick
        try await context.changeChat { settings in
            settings.warnLimit = limit
            settings.warnAction = action
        }
        try await context.reply(
            action == .kick
                ? Phrase(
                    en: "After \(limit, "warning", "warnings"): removed.",
                    id: "Setelah \(limit) peringatan: dikeluarkan."
                )
                : Phrase(
                    en: "After \(limit, "warning", "warnings"): told.",
                    id: "Setelah \(limit) peringatan: ditegur."
                )
        )
    }
}
