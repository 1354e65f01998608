import WhatsApp

/// Asks a question with options.
struct PollCommand: Command {
    let declaration = CommandDeclaration(
        "poll",
        aliases: ["vote"],
        .group,
        "Makes a poll: a question and two to twelve options, with | between them.",
        arguments: [
            CommandArgument("poll", .text, "Such as: Pizza or pasta? | Pizza | Pasta"),
            CommandArgument("many", .flag, "Several options may be chosen."),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let parts = (context.arguments["poll"] ?? "").split { $0 == "|" || $0 == "\n" }.map(\.trimmed).filter {
            !$0.isEmpty
        }
        guard parts.count >= 3, parts.count <= 13 else {
            throw context.refusal("Write a question and 2 to 12 options.")
        }
        let options = Array(parts.dropFirst())
        guard parts[0].count <= OutgoingPoll.nameLimit, options.allSatisfy({ $0.count <= OutgoingPoll.optionLimit }),
            Set(options).count == options.count
        else { throw context.refusal("The options must be short, and no two of them the same.") }
        let count = context.arguments.has(flag: "many") ? 0 : 1
        try await context.send(.poll(OutgoingPoll(name: parts[0], options: options, selectableCount: count)))
    }
}
