import WhatsApp

/// Lets everybody write again.
struct OpenCommand: Command {
    let declaration = CommandDeclaration(
        "open",
        aliases: ["unmute"],
        .group,
        "Lets everybody write again.",
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        try await context.session.set(.announcement(false), of: context.chat)
        try await context.reply("Everybody can write now.")
    }
}
