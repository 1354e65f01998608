import WhatsApp

/// Removes people from the group.
struct KickCommand: Command {
    let declaration = CommandDeclaration(
        "kick",
        aliases: ["remove", "ban"],
        .group,
        "Removes people from the group.",
        arguments: [CommandArgument("member", .people, "Who: mentioned, as a number, or by answering their message.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.change(.remove, ("was removed", "were removed"))
    }
}
