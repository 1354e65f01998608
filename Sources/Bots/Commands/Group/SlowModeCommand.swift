/// Lets members write only every so often.
struct SlowModeCommand: Command {
    let declaration = CommandDeclaration(
        "slowmode",
        aliases: ["slow"],
        .group,
        "Lets each member write one message every so often; what is more is taken away.",
        arguments: [CommandArgument("pause", .word, "A time such as 30s or 5m, or off.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["pause"] ?? "off"
        guard word != "off" else {
            try await context.changeChat { $0.slowMode = nil }
            try await context.reply("Slow mode is off.")
            return
        }
        guard let pause = DurationText.read(word), pause <= .seconds(86_400) else {
            throw context.refusal("Write a time such as 30s or 5m, at most a day.")
        }
        let seconds = Int(pause.components.seconds)
        try await context.changeChat { $0.slowMode = seconds }
        try await context.reply("One message every \(DurationText.write(pause)).")
    }
}
