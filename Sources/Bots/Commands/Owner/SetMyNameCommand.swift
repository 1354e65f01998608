import WhatsApp

/// Changes the account's name.
struct SetMyNameCommand: Command {
    let declaration = CommandDeclaration(
        "setmyname",
        aliases: ["setbotname", "setpushname"],
        .owner,
        "Changes the name that others see of the account.",
        arguments: [CommandArgument("name", .text, "At most 25 characters.")],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let name = context.arguments["name"] ?? ""
        guard (1...25).contains(name.count) else { throw context.refusal("A name has at most 25 characters.") }
        try await context.session.changeAppState([.pushName(name)])
        try await context.reply("I am called \(name) now.")
    }
}
