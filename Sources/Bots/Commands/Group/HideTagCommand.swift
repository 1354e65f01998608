import WhatsApp

/// Tells everybody in the group without naming them.
struct HideTagCommand: Command {
    let declaration = CommandDeclaration(
        "hidetag",
        aliases: ["htag", "tag"],
        .group,
        "Tells every member a text, or the one that is answered, without a list of names.",
        arguments: [CommandArgument("text", .text, optional: true, "What they are told.")],
        permissions: [.groupOnly, .groupAdmin],
        coolDown: .seconds(10)
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("text")
        let members = try await context.group().members.map(\.jid).prefix(1_024)
        try await context.send(.text(.init(text)), mentions: Array(members))
    }
}
