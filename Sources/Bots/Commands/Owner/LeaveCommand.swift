import WhatsApp

/// Leaves the group.
struct LeaveCommand: Command {
    let declaration = CommandDeclaration(
        "leave",
        aliases: ["left", "exit"],
        .owner,
        "Leaves the group.",
        permissions: [.owner, .groupOnly],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.reply("Goodbye.")
        _ = try await context.session.leave([context.chat])
    }
}
