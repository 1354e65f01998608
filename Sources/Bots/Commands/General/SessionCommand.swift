import Fleet
import Foundation
import WhatsApp

/// Shows how the bot's session stands.
struct SessionCommand: Command {
    let declaration = CommandDeclaration(
        "session",
        aliases: ["status", "connection"],
        .general,
        "Shows how the bot's session stands and since when.",
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let state = try await context.services.hosting.scheduler.state(of: context.bot.session)
        let since = DurationText.write(context.services.time.date().timeIntervalSince(state.statusAt))
        var lines = ["*Session*", "\(state.status.rawValue) for \(since)"]
        let restrictions = await context.session.restrictions
        if restrictions.isReachOutLocked { lines.append("WhatsApp does not let it write to strangers.") }
        if restrictions.isNewChatCapReached { lines.append("WhatsApp lets it begin no new chats for now.") }
        try await context.reply(lines.joined(separator: "\n"))
    }
}
