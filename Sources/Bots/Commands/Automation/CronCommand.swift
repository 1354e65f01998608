import Fleet
import Foundation
import WhatsAppWire

/// Sends messages at times.
struct CronCommand: Command {
    let declaration = CommandDeclaration(
        "cron",
        aliases: ["autosend"],
        .automation,
        Phrase(
            en:
                "Sends a message to this chat again and again, at times in the bot's time zone; lists and removes such messages.",
            id: "Mengirim pesan berulang ke chat ini menurut zona waktu bot; juga menampilkan dan menghapusnya."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["add", "list", "remove"]),
                Phrase(en: "What is done.", id: "Tindakannya.")
            ),
            CommandArgument(
                "message",
                "pesan",
                .text,
                optional: true,
                Phrase(
                    en: "Such as: 0 8 * * mon-fri | Good morning; for remove the number in the list.",
                    id: "Misalnya: 0 8 * * mon-fri | Selamat pagi; untuk remove nomor dalam daftar."
                )
            ),
        ],
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let repository = ScheduleRepository(database: context.store.database)
        let text = context.arguments["message"] ?? ""
        let here = try await repository.list(context.bot.id).filter {
            $0.chat == context.chat.description && $0.nextAt != nil
        }
        switch context.arguments["action"] ?? "list" {
        case "add":
            let parts = text.split(separator: "|", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2, let cron = CronExpression(parts[0]) else {
                throw context.refusal(
                    Phrase(
                        en: "Write minute, hour, day, month and weekday, a |, and the text.",
                        id: "Tulis menit, jam, tanggal, bulan, dan hari, tanda |, lalu teksnya."
                    )
                )
            }
            let message = ScheduledMessage(
                chat: context.chat.description,
                text: parts[1],
                when: .again(cron),
                zone: context.conduct.timeZone,
                createdBy: context.sender.key
            )
            var planned = message
            try await context.saving { planned = try await context.store.schedule(message, of: context.bot.id) }
            try await context.reply(
                Phrase(
                    en: "Planned, the first time at \(context.moment(planned.nextAt)).",
                    id: "Dijadwalkan, pertama kali \(context.moment(planned.nextAt))."
                )
            )
        case "remove":
            guard let number = Int(text), here.indices.contains(number - 1) else {
                throw context.refusal(
                    Phrase(en: "Give the number of a message in the list.", id: "Tulis nomor pesan dalam daftar.")
                )
            }
            _ = try await repository.delete(here[number - 1].id, of: context.bot.id)
            try await context.reply(Phrase(en: "The message is gone.", id: "Pesannya sudah dihapus."))
        default:
            let lines = here.enumerated().map {
                Phrase(same: "\($0 + 1). \(context.moment($1.nextAt)): \($1.text.prefix(60))")
            }
            try await context.reply(
                lines.isEmpty
                    ? Phrase(en: "Nothing is planned here.", id: "Belum ada jadwal di sini.")
                    : lines.joined(separator: "\n")
            )
        }
    }
}

extension CommandContext {
    /// Day and time in the bot's time zone.
    func moment(_ date: Date?) -> String {
        guard let date else { return "–" }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = conduct.timeZone
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return formatter.string(from: date)
    }
}
