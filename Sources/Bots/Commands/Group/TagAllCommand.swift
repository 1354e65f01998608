import WhatsApp
import WhatsAppWire

/// Names everybody in the group.
struct TagAllCommand: Command {
    let declaration = CommandDeclaration(
        "tagall",
        aliases: ["everyone", "all"],
        .group,
        Phrase(en: "Names every member, with a text.", id: "Menyebut semua anggota, dengan sebuah teks."),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "What they are told.", id: "Teks untuk mereka.")
            )
        ],
        permissions: [.groupOnly, .groupAdmin],
        coolDown: .seconds(10)
    )

    func run(_ context: CommandContext) async throws {
        let group = try await context.group()
        let members = group.members.map(\.jid).prefix(1_024)
        var lines = [context.arguments["text"] ?? "*\(group.subject)*", ""]
        lines += members.map { "@\($0.user)" }
        try await context.reply(verbatim: lines.joined(separator: "\n"), mentions: Array(members))
    }
}
