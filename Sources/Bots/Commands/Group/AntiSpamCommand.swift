/// Watches for floods.
struct AntiSpamCommand: Command {
    let declaration = CommandDeclaration(
        "antispam",
        aliases: ["antiflood"],
        .group,
        "Takes away messages of who writes too many at once, and warns or removes them.",
        arguments: [
            CommandArgument("action", .choice(["off", "delete", "warn", "kick"]), "What is done."),
            CommandArgument(
                "messages",
                .number(2...100),
                optional: true,
                "So many are too many, 6 if nothing is said,"
            ),
            CommandArgument("seconds", .number(1...300), optional: true, "within so many seconds, else 8."),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard let action = ModerationAction(rawValue: context.arguments["action"] ?? "") else {
            try await context.changeChat { $0.flood = nil }
            try await context.reply("Floods are not watched.")
            return
        }
        var rule = FloodRule(action: action)
        rule.messages = context.arguments.number("messages") ?? rule.messages
        rule.seconds = context.arguments.number("seconds") ?? rule.seconds
        let wanted = rule
        try await context.changeChat { $0.flood = wanted }
        let words = "More than \(rule.messages) messages within \(rule.seconds) s: \(action.rawValue)."
        try await context.reply(words)
    }
}
