import Foundation

/// Says that the bot is there, and how fast.
struct PingCommand: Command {
    let declaration = CommandDeclaration(
        "ping",
        aliases: ["p", "speed"],
        .general,
        Phrase(
            en: "Shows how fast the bot answers and for how long it has been running.",
            id: "Menampilkan kecepatan bot dan sudah berapa lama aktif."
        )
    )

    func run(_ context: CommandContext) async throws {
        let latency = context.elapsed
        let milliseconds =
            Double(latency.components.attoseconds / 1_000_000_000_000) / 1_000
            + Double(latency.components.seconds) * 1_000
        let shown = String(format: "%.1f", milliseconds)
        let uptime = context.services.uptime()
        try await context.reply(
            Phrase(en: "Pong! \(shown) ms, up for \(uptime)", id: "Pong! \(shown) ms, aktif selama \(uptime)")
        )
    }
}
