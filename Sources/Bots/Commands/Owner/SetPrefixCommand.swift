/// Changes what commands begin with.
struct SetPrefixCommand: Command {
    let declaration = CommandDeclaration(
        "setprefix",
        aliases: ["prefix"],
        .owner,
        "Changes what commands begin with: up to eight prefixes with blanks between them, or none.",
        arguments: [CommandArgument("prefixes", .text, "Such as . ! or none.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let words = context.arguments.words
        let prefixes = words == ["none"] ? [""] : words
        guard (1...8).contains(prefixes.count), prefixes.allSatisfy({ $0.isEmpty || BotText.isPrefix($0) }) else {
            throw context.refusal("A prefix has 1 to 4 characters.")
        }
        try await context.changeConduct { $0.prefixes = prefixes }
        try await context.reply(
            prefixes == [""] ? "Commands need no prefix." : "Commands begin with \(words.joined(separator: " or "))."
        )
    }
}
