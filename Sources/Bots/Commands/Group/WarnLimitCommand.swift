/// Sets after how many warnings what is done.
struct WarnLimitCommand: Command {
    let declaration = CommandDeclaration(
        "warnlimit",
        aliases: ["setwarn"],
        .group,
        "Sets after how many warnings somebody is removed, or only told.",
        arguments: [
            CommandArgument("limit", .number(1...20), "How many."),
            CommandArgument("action", .choice(["kick", "warn"]), optional: true, "What is done then."),
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
        try await context.reply("After \(limit) warnings: \(action == .kick ? "removed" : "told").")
    }
}
