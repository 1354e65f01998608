import WhatsApp

/// Changes the account's about text.
struct SetAboutCommand: Command {
    let declaration = CommandDeclaration(
        "setabout",
        aliases: ["setbio"],
        .owner,
        "Changes the text below the account's name.",
        arguments: [CommandArgument("text", .text, "At most 139 characters.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        try await context.session.setAbout(context.arguments["text"] ?? "")
        try await context.reply("The text is changed.")
    }
}
