import WhatsApp

/// Changes the group's subject.
struct SetNameCommand: Command {
    let declaration = CommandDeclaration(
        "setname",
        aliases: ["setsubject", "gname"],
        .group,
        "Changes the group's name.",
        arguments: [CommandArgument("name", .text, "At most 100 characters.")],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = context.arguments["name"] ?? ""
        try await context.session.setSubject(name, of: context.chat)
        try await context.reply("The group is called “\(name)” now.")
    }
}
