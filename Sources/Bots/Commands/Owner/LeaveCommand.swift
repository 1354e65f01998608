import WhatsApp

/// Leaves the group.
struct LeaveCommand: Command {
    let declaration = CommandDeclaration(
        "leave",
        aliases: ["left", "exit"],
        .owner,
        Phrase(en: "Leaves the group.", id: "Keluar dari grup."),
        permissions: [.owner, .groupOnly],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        try await context.reply(Phrase(en: "Goodbye.", id: "Sampai jumpa!"))
        _ = try await context.session.leave([context.chat])
    }
}
