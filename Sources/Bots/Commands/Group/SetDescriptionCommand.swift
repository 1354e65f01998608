import WhatsApp

/// Changes the group's description.
struct SetDescriptionCommand: Command {
    let declaration = CommandDeclaration(
        "setdesc",
        aliases: ["setdescription", "gdesc"],
        .group,
        "Changes the group's description, or removes it.",
        arguments: [CommandArgument("text", .text, optional: true, "The description; nothing removes it.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let text = context.arguments["text"]
        try await context.session.setDescription(text, of: context.chat)
        try await context.reply(text == nil ? "The description is gone." : "The description is changed.")
    }
}
