import WhatsApp
import WhatsAppWire

/// Tells the owner something.
struct ReportCommand: Command {
    let declaration = CommandDeclaration(
        "report",
        aliases: ["feedback", "bug"],
        .general,
        "Tells the bot's owner about a problem or a wish.",
        arguments: [CommandArgument("text", .text, "What the owner is told, at most 1000 characters.")],
        coolDown: .seconds(60),
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let text = String((context.arguments["text"] ?? "").prefix(1_000))
        let place: JID
        if let owner = context.conduct.owners.first.flatMap({ Person(number: $0) }) {
            place = owner.jid
        } else {
            place = try await context.own().jid
        }
        let report = "*Report* by \(context.sender.mention):\n\(text)"
        try await context.send(.text(OutgoingText(report)), to: place, mentions: [context.sender.jid])
        try await context.reply("The owner has been told. Thank you.")
    }
}
