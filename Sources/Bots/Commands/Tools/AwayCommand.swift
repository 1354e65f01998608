import Fleet
import Foundation

/// Says of whoever asks that they are away.
struct AwayCommand: Command {
    let declaration = CommandDeclaration(
        "afk",
        aliases: ["away", "brb"],
        .tools,
        "Tells whoever names you or answers you that you are away, until you write again.",
        arguments: [CommandArgument("reason", .text, optional: true, "Why.")],
        coolDown: .seconds(5)
    )

    func run(_ context: CommandContext) async throws {
        let reason = context.arguments["reason"] ?? ""
        guard reason.count <= AwayPerson.reasonLimit else {
            throw context.refusal("The reason has at most \(AwayPerson.reasonLimit) characters.")
        }
        let away = AwayPerson(
            person: context.sender,
            name: String((context.message.pushName ?? context.sender.number ?? "Somebody").prefix(100)),
            reason: reason,
            since: context.services.time.date()
        )
        try await AwayRepository(database: context.store.database).save(away, of: context.bot.id)
        try await context.store.live.refresh(context.bot.id)
        try await context.reply("\(away.name) is away\(reason.isEmpty ? "." : ": \(reason)")")
    }
}
