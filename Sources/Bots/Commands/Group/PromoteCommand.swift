import WhatsApp

/// Makes members administrators.
struct PromoteCommand: Command {
    let declaration = CommandDeclaration(
        "promote",
        aliases: ["admin"],
        .group,
        "Makes members administrators.",
        arguments: [CommandArgument("member", .people, "Who: mentioned, as a number, or by answering their message.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.change(.promote, ("is an administrator now", "are administrators now"))
    }
}
