import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// Sends a message once, at a time.
struct ScheduleCommand: Command {
    let declaration = CommandDeclaration(
        "schedule",
        aliases: ["sendlater", "schedulemsg"],
        .automation,
        Phrase(
            en:
                "Sends a message to this chat once, at a time in the bot's time zone; cron lists and removes such messages.",
            id: "Mengirim pesan sekali ke chat ini menurut zona waktu bot; cron menampilkan dan menghapusnya."
        ),
        arguments: [
            CommandArgument(
                "message",
                "pesan",
                .text,
                Phrase(
                    en: "Such as: 2h The shop opens, 18:30 Dinner, tomorrow 8:00 Good morning, 2026-12-01 9:00 Rent.",
                    id: "Misalnya: 2h Toko buka, 18:30 Makan malam, besok 8:00 Selamat pagi, 2026-12-01 9:00 Bayar kos."
                )
            )
        ],
        permissions: [.botAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let now = context.services.time.date()
        let zone = context.conduct.timeZone
        guard let (date, rest) = MomentText.read(context.arguments["message"] ?? "", at: now, in: zone) else {
            throw context.refusal(
                Phrase(
                    en: "Write a time to come within a year, such as 2h, 18:30 or tomorrow 8:00.",
                    id: "Tulis waktu dalam setahun ke depan, misalnya 2h, 18:30, atau besok 8:00."
                )
            )
        }
        let text = rest.isEmpty ? context.quote?.text ?? "" : rest
        guard !text.isEmpty else {
            throw context.refusal(Phrase(en: "Write the message after the time.", id: "Tulis pesannya setelah waktu."))
        }
        let message = ScheduledMessage(
            chat: context.chat.description,
            text: text,
            when: .once(date),
            zone: zone,
            createdBy: context.sender.key
        )
        try await context.saving { _ = try await context.store.schedule(message, of: context.bot.id) }
        try await context.reply(
            Phrase(en: "Planned for \(context.moment(date)).", id: "Dijadwalkan untuk \(context.moment(date)).")
        )
    }
}
