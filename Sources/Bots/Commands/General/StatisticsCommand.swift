import Foundation
import WhatsApp

/// Shows what the bot has done.
struct StatisticsCommand: Command {
    let declaration = CommandDeclaration(
        "stats",
        aliases: ["statistics", "usage"],
        .general,
        "Shows what the bot has done since it was started, and the server's memory.",
        coolDown: .seconds(5)
    )

    func run(_ context: CommandContext) async throws {
        let counters = await context.session.counters
        var lines = ["*Statistics*"]
        lines.append("Messages: \(counters.received) received, \(counters.sent) sent")
        lines.append("Up for \(DurationText.write(context.services.uptime()))")
        let memory = ProcessMemory.resident()
        lines.append("Memory of the server: \(memory / 1_048_576) MiB")
        try await context.reply(lines.joined(separator: "\n"))
    }
}
