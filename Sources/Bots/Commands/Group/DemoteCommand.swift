import WhatsApp

/// Makes administrators plain members.
struct DemoteCommand: Command {
    let declaration = CommandDeclaration(
        "demote",
        aliases: ["unadmin"],
        .group,
        "Makes administrators plain members.",
        arguments: [CommandArgument("member", .people, "Who: mentioned, as a number, or by answering their message.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.change(.demote, ("is no administrator any more", "are no administrators any more"))
    }
}
