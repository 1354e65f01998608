/// Reacts to statuses by itself.
struct AutoLikeCommand: Command {
    let declaration = CommandDeclaration(
        "autolike",
        aliases: ["statusreact"],
        .status,
        "Puts an emoji on the statuses of contacts.",
        arguments: [CommandArgument("emoji", .word, "An emoji, or off.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["emoji"] ?? "off"
        guard word == "off" || EmojiText.isOne(word) else { throw context.refusal("Write one emoji, or off.") }
        try await context.changeConduct { $0.reactsToStatuses = word == "off" ? nil : word }
        try await context.reply(word == "off" ? "Statuses get no reaction." : "Statuses get \(word).")
    }
}
