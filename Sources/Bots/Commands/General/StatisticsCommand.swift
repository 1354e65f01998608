import Foundation
import WhatsApp

/// Shows what the bot has done.
struct StatisticsCommand: Command {
    let declaration = CommandDeclaration(
        "stats",
        aliases: ["statistics", "usage"],
        .general,
        Phrase(
            en: "Shows what the bot has done since it was started, and the server's memory.",
            id: "Menampilkan statistik bot sejak dijalankan dan memori server."
        ),
        coolDown: .seconds(5)
    )

    func run(_ context: CommandContext) async throws {
        let counters = await context.session.counters
        var lines = [Phrase(en: "*Statistics*", id: "*Statistik*")]
        lines.append(
            Phrase(
                en: "Messages: \(counters.received) received, \(counters.sent) sent",
                id: "Pesan: \(counters.received) diterima, \(counters.sent) dikirim"
            )
        )
        lines.append(Phrase(en: "Up for \(context.services.uptime())", id: "Aktif selama \(context.services.uptime())"))
        let memory = ProcessMemory.resident()
        lines.append(
            Phrase(
                en: "Memory of the server: \(memory / 1_048_576) MiB",
                id: "Memori server: \(memory / 1_048_576) MiB"
            )
        )
        try await context.reply(lines.joined(separator: "\n"))
    }
}
