import WhatsApp
import WhatsAppWire

/// Names everybody in the group.
struct TagAllCommand: Command {
    let declaration = CommandDeclaration(
        "tagall",
        aliases: ["everyone", "all"],
        .group,
        "Names every member, with a text.",
        arguments: [CommandArgument("text", .text, optional: true, "What they are told.")],
        permissions: [.groupOnly, .groupAdmin],
        coolDown: .seconds(10)
    )

    func run(_ context: CommandContext) async throws {
        let group = try await context.group()
        let members = group.members.map(\.jid).prefix(1_024)
        var lines = [context.arguments["text"] ?? "*\(group.subject)*", ""]
        lines += members.map { "@\($0.user)" }
        try await context.reply(lines.joined(separator: "\n"), mentions: Array(members))
    }
}
