import Fleet
import Foundation

/// Says of whoever asks that they are away.
struct AwayCommand: Command {
    let declaration = CommandDeclaration(
        "afk",
        aliases: ["away", "brb"],
        .tools,
        Phrase(
            en: "Tells whoever names you or answers you that you are away, until you write again.",
            id: "Memberi tahu yang menyebut atau membalasmu bahwa kamu sedang pergi, sampai kamu menulis lagi."
        ),
        arguments: [CommandArgument("reason", "alasan", .text, optional: true, Phrase(en: "Why.", id: "Alasannya."))],
        coolDown: .seconds(5)
    )

    func run(_ context: CommandContext) async throws {
        let reason = context.arguments["reason"] ?? ""
        let somebody = Phrase(en: "Somebody", id: "Seseorang").text(context.language)
        guard reason.count <= AwayPerson.reasonLimit else {
            throw context.refusal(
                Phrase(
                    en: "The reason has at most \(AwayPerson.reasonLimit) characters.",
                    id: "Alasan paling banyak \(AwayPerson.reasonLimit) karakter."
                )
            )
        }
        let away = AwayPerson(
            person: context.sender,
            name: String((context.message.pushName ?? context.sender.number ?? somebody).prefix(100)),
            reason: reason,
            since: context.services.time.date()
        )
        try await AwayRepository(database: context.store.database).save(away, of: context.bot.id)
        try await context.store.live.refresh(context.bot.id)
        try await context.reply(
            reason.isEmpty
                ? Phrase(en: "\(away.name) is away.", id: "\(away.name) sedang pergi.")
                : Phrase(en: "\(away.name) is away: \(reason)", id: "\(away.name) sedang pergi: \(reason)")
        )
    }
}
