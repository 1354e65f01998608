import WhatsApp

/// Adds people to the group.
struct AddCommand: Command {
    let declaration = CommandDeclaration(
        "add",
        aliases: ["invite"],
        .group,
        "Adds people to the group.",
        arguments: [CommandArgument("member", .people, "Who: mentioned, as a number, or by answering their message.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.change(.add, ("was added", "were added"))
    }
}
