import WhatsApp

/// Takes a message away.
struct DeleteCommand: Command {
    let declaration = CommandDeclaration(
        "del",
        aliases: ["delete"],
        .group,
        "Takes away the message that is answered.",
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard let target = await context.quotedTarget else { throw context.refusal("Answer the message.") }
        try await context.send(OutgoingMessage(.revoke(target)), to: context.chat)
    }
}
