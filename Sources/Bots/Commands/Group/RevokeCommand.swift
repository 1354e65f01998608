import WhatsApp

/// Makes the invite link worthless.
struct RevokeCommand: Command {
    let declaration = CommandDeclaration(
        "revoke",
        aliases: ["resetlink", "newlink"],
        .group,
        "Makes the invite link worthless and shows the new one.",
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let code = try await context.session.resetInviteCode(of: context.chat)
        try await context.reply("The old link is worthless. The new one: https://chat.whatsapp.com/\(code)")
    }
}
