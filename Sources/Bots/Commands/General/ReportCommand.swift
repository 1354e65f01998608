import WhatsApp
import WhatsAppWire

/// Tells the owner something.
struct ReportCommand: Command {
    let declaration = CommandDeclaration(
        "report",
        aliases: ["feedback", "bug"],
        .general,
        Phrase(
            en: "Tells the bot's owner about a problem or a wish.",
            id: "Melaporkan masalah atau permintaan kepada pemilik bot."
        ),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                Phrase(
                    en: "What the owner is told, at most 1000 characters.",
                    id: "Isi laporan, paling banyak 1000 karakter."
                )
            )
        ],
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
        let report = Phrase(
            en: "*Report* by \(context.sender.mention):\n\(text)",
            id: "*Laporan* dari \(context.sender.mention):\n\(text)"
        ).text(context.language)
        try await context.send(.text(OutgoingText(report)), to: place, mentions: [context.sender.jid])
        try await context.reply(
            Phrase(en: "The owner has been told. Thank you.", id: "Sudah disampaikan kepada pemilik. Terima kasih!")
        )
    }
}
