import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// Reminds whoever asks.
struct RemindCommand: Command {
    let declaration = CommandDeclaration(
        "remind",
        aliases: ["remindme", "reminder"],
        .tools,
        "Reminds you of something in this chat, at a time in the bot's time zone.",
        arguments: [
            CommandArgument(
                "what",
                .text,
                optional: true,
                "Such as: 10m Tea, 18:30 Call Ada, tomorrow 8:00 Run, 2026-12-01 9:00 Rent; list, or cancel and a number."
            )
        ],
        isDoneOnce: true
    )

    /// So many for one person.
    private static let limit = 10

    func run(_ context: CommandContext) async throws {
        let repository = ScheduleRepository(database: context.store.database)
        let own = try await repository.list(context.bot.id).filter {
            $0.mention != nil && $0.createdBy == context.sender.key && $0.nextAt != nil
        }
        let text = context.arguments["what"] ?? "list"
        let words = text.split(whereSeparator: \.isWhitespace)
        switch words.first?.lowercased() {
        case "list" where words.count == 1:
            let lines = own.enumerated().map { "\($0 + 1). \(context.moment($1.nextAt)): \($1.text.prefix(60))" }
            try await context.reply(lines.isEmpty ? "You have no reminders." : lines.joined(separator: "\n"))
        case "cancel":
            guard words.count == 2, let number = Int(words[1]), own.indices.contains(number - 1) else {
                throw context.refusal("Give the number of a reminder in the list.")
            }
            _ = try await repository.delete(own[number - 1].id, of: context.bot.id)
            try await context.reply("I shall not remind you of that.")
        default:
            guard own.count < Self.limit else { throw CommandRefusal("You have \(Self.limit) reminders already.") }
            try await remind(text, context)
        }
    }

    private func remind(_ text: String, _ context: CommandContext) async throws {
        let now = context.services.time.date()
        guard let (date, rest) = MomentText.read(text, at: now, in: context.conduct.timeZone) else {
            throw context.refusal("Write a time to come within a year, such as 10m, 18:30 or tomorrow 8:00.")
        }
        let what = rest.isEmpty ? context.quote?.text ?? "" : rest
        guard !what.isEmpty, what.count <= 1_000 else {
            throw context.refusal("Write what I shall remind you of, in at most 1000 characters.")
        }
        let message = ScheduledMessage(
            chat: context.chat.description,
            text: "⏰ \(context.sender.mention) \(what)",
            mention: context.sender.jid.description,
            when: .once(date),
            zone: context.conduct.timeZone,
            createdBy: context.sender.key
        )
        try await context.saving { _ = try await context.store.schedule(message, of: context.bot.id) }
        try await context.reply("I shall remind you at \(context.moment(date)).")
    }
}
