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
        Phrase(
            en: "Reminds you of something in this chat, at a time in the bot's time zone.",
            id: "Mengingatkanmu di chat ini, menurut zona waktu bot."
        ),
        arguments: [
            CommandArgument(
                "what",
                "apa",
                .text,
                optional: true,
                Phrase(
                    en:
                        "Such as: 10m Tea, 18:30 Call Ada, tomorrow 8:00 Run, 2026-12-01 9:00 Rent; list, or cancel and a number.",
                    id:
                        "Misalnya: 10m Teh, 18:30 Telepon Ada, besok 8:00 Lari, 2026-12-01 9:00 Bayar kos; list, atau cancel dan nomornya."
                )
            )
        ],
        isDoneOnce: true
    )

    /// So many for one person.
    private static let limit = 10
    /// So many of all who have no rights on the bot.
    private static let share = 50

    func run(_ context: CommandContext) async throws {
        let repository = ScheduleRepository(database: context.store.database)
        let own = try await repository.list(context.bot.id).filter {
            $0.mention != nil && $0.createdBy == context.sender.key && $0.nextAt != nil
        }
        let text = context.arguments["what"] ?? "list"
        let words = text.split(whereSeparator: \.isWhitespace)
        switch words.first?.lowercased() {
        case "list" where words.count == 1:
            let lines = own.enumerated().map {
                Phrase(same: "\($0 + 1). \(context.moment($1.nextAt)): \($1.text.prefix(60))")
            }
            try await context.reply(
                lines.isEmpty
                    ? Phrase(en: "You have no reminders.", id: "Kamu tidak punya pengingat.")
                    : lines.joined(separator: "\n")
            )
        case "cancel":
            guard words.count == 2, let number = Int(words[1]), own.indices.contains(number - 1) else {
                throw context.refusal(
                    Phrase(en: "Give the number of a reminder in the list.", id: "Tulis nomor pengingat dalam daftar.")
                )
            }
            _ = try await repository.delete(own[number - 1].id, of: context.bot.id)
            try await context.reply(Phrase(en: "I shall not remind you of that.", id: "Oke, itu tidak saya ingatkan."))
        default:
            guard own.count < Self.limit else {
                throw CommandRefusal(
                    Phrase(
                        en: "You have \(Self.limit) reminders already.",
                        id: "Kamu sudah punya \(Self.limit) pengingat."
                    )
                )
            }
            try await remind(text, context)
        }
    }

    private func remind(_ text: String, _ context: CommandContext) async throws {
        let now = context.services.time.date()
        guard let (date, rest) = MomentText.read(text, at: now, in: context.conduct.timeZone) else {
            throw context.refusal(
                Phrase(
                    en: "Write a time to come within a year, such as 10m, 18:30 or tomorrow 8:00.",
                    id: "Tulis waktu dalam setahun ke depan, misalnya 10m, 18:30, atau besok 8:00."
                )
            )
        }
        let what = rest.isEmpty ? context.quote?.text ?? "" : rest
        guard !what.isEmpty, what.count <= 1_000 else {
            throw context.refusal(
                Phrase(
                    en: "Write what I shall remind you of, in at most 1000 characters.",
                    id: "Tulis apa yang harus saya ingatkan, paling banyak 1000 karakter."
                )
            )
        }
        let message = ScheduledMessage(
            chat: context.chat.description,
            text: "⏰ \(context.sender.mention) \(what)",
            mention: context.sender.jid.description,
            when: .once(date),
            zone: context.conduct.timeZone,
            createdBy: context.sender.key
        )
        let share = context.isBotAdmin ? nil : Self.share
        try await context.saving {
            _ = try await context.store.schedule(message, of: context.bot.id, share: share)
        }
        try await context.reply(
            Phrase(
                en: "I shall remind you at \(context.moment(date)).",
                id: "Oke, saya ingatkan pada \(context.moment(date))."
            )
        )
    }
}
