import Foundation

/// Says that the bot is there, and how fast.
struct PingCommand: Command {
    let declaration = CommandDeclaration(
        "ping",
        aliases: ["p", "speed"],
        .general,
        "Shows how fast the bot answers and for how long it has been running."
    )

    func run(_ context: CommandContext) async throws {
        let latency = context.elapsed
        let milliseconds =
            Double(latency.components.attoseconds / 1_000_000_000_000) / 1_000
            + Double(latency.components.seconds) * 1_000
        let uptime = DurationText.write(context.services.uptime())
        try await context.reply("Pong! \(String(format: "%.1f", milliseconds)) ms, up for \(uptime)")
    }
}
