import Foundation

/// Opens and closes the group at hours.
struct HoursCommand: Command {
    let declaration = CommandDeclaration(
        "hours",
        aliases: ["schedulegroup", "opentime"],
        .group,
        Phrase(
            en: "Opens and closes the group every day at these times, in the bot's time zone.",
            id: "Membuka dan menutup grup setiap hari pada jam ini, menurut zona waktu bot."
        ),
        arguments: [
            CommandArgument(
                "opens",
                "buka",
                .word,
                Phrase(en: "A time such as 08:00, or off.", id: "Jam seperti 08:00, atau off.")
            ),
            CommandArgument(
                "closes",
                "tutup",
                .word,
                optional: true,
                Phrase(en: "A time such as 22:30.", id: "Jam seperti 22:30.")
            ),
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard let first = context.arguments["opens"], first != "off" else {
            try await context.changeChat { $0.hours = nil }
            try await context.reply(
                Phrase(
                    en: "The group is not opened or closed by itself.",
                    id: "Grup tidak dibuka atau ditutup otomatis."
                )
            )
            return
        }
        guard let opens = Self.minutes(first), let closes = context.arguments["closes"].flatMap(Self.minutes),
            opens != closes
        else {
            throw context.refusal(
                Phrase(en: "Write two times such as 08:00 22:30.", id: "Tulis dua jam, misalnya 08:00 22:30.")
            )
        }
        try await context.changeChat { $0.hours = OpeningHours(opens: opens, closes: closes) }
        let zone = context.conduct.timeZone.identifier
        let last = context.arguments["closes"] ?? ""
        try await context.reply(
            Phrase(en: "Open from \(first) to \(last), \(zone).", id: "Buka pukul \(first) sampai \(last), \(zone).")
        )
    }

    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
