import WhatsApp

/// Lets only administrators write.
struct CloseCommand: Command {
    let declaration = CommandDeclaration(
        "close",
        aliases: ["mute"],
        .group,
        "Lets only administrators write.",
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        try await context.session.set(.announcement(true), of: context.chat)
        try await context.reply("Only administrators can write now.")
    }
}
