import Fleet
import Foundation
import WhatsApp

/// Shows how the bot's session stands.
struct SessionCommand: Command {
    let declaration = CommandDeclaration(
        "session",
        aliases: ["status", "connection"],
        .general,
        Phrase(
            en: "Shows how the bot's session stands and since when.",
            id: "Menampilkan keadaan sesi bot dan sejak kapan."
        ),
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let state = try await context.services.hosting.scheduler.state(of: context.bot.session)
        let since = DurationText.span(context.services.time.date().timeIntervalSince(state.statusAt))
        var lines = [
            Phrase(en: "*Session*", id: "*Sesi*"),
            Phrase(en: "\(state.status.rawValue) for \(since)", id: "\(state.status.rawValue) selama \(since)"),
        ]
        let restrictions = await context.session.restrictions
        if restrictions.isReachOutLocked {
            lines.append(
                Phrase(
                    en: "WhatsApp does not let it write to strangers.",
                    id: "WhatsApp tidak mengizinkannya menulis kepada orang yang belum dikenal."
                )
            )
        }
        if restrictions.isNewChatCapReached {
            lines.append(
                Phrase(
                    en: "WhatsApp lets it begin no new chats for now.",
                    id: "Untuk sementara WhatsApp tidak mengizinkannya memulai chat baru."
                )
            )
        }
        try await context.reply(lines.joined(separator: "\n"))
    }
}
