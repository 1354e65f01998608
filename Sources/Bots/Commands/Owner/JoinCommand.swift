import WhatsApp

/// Joins a group by its link.
struct JoinCommand: Command {
    let declaration = CommandDeclaration(
        "join",
        .owner,
        "Joins a group by its invite link.",
        arguments: [CommandArgument("link", .word, "Such as https://chat.whatsapp.com/CODE, or the code.")],
        permissions: [.owner],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["link"] ?? ""
        let code = word.split(separator: "/").last.map { String($0.prefix { $0 != "?" }) } ?? ""
        guard (8...64).contains(code.utf8.count), code.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw context.refusal("This is no invite link.")
        }
        switch try await context.session.joinGroup(code: code) {
        case .joined: try await context.reply("I am in the group.")
        case .requested: try await context.reply("I have asked; an administrator must let me in.")
        }
    }
}
