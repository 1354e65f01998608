import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// Answers words in one chat.
struct FilterCommand: Command {
    let declaration = CommandDeclaration(
        "filter",
        aliases: ["filters", "addfilter"],
        .automation,
        "Answers in this chat whatever contains some words; without them it lists what is answered here.",
        arguments: [
            CommandArgument(
                "filter",
                .text,
                optional: true,
                "Such as: opening hours | We are open from 9 to 17, {name}."
            )
        ],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let repository = AutomationRepository(database: context.store.database)
        let here = try await repository.rules(of: context.bot.id).filter { $0.chat == context.chat.description }
        guard let text = context.arguments["filter"] else {
            let lines = here.map { "“\($0.pattern)” → \($0.answer.prefix(60))" }
            try await context.reply(lines.isEmpty ? "Nothing is answered here." : lines.joined(separator: "\n"))
            return
        }
        let parts = text.split(separator: "|", maxSplits: 1).map(\.trimmed)
        let answer = parts.count == 2 ? parts[1] : context.quote?.text ?? ""
        guard let pattern = parts.first, !pattern.isEmpty, !answer.isEmpty else {
            throw context.refusal("Write what is looked for, a |, and the answer.")
        }
        // The same words get a new answer.
        let known = here.first { $0.pattern.lowercased() == pattern.lowercased() }
        var rule = AutoReplyRule(
            id: known?.id ?? UUID(),
            match: .contains,
            pattern: pattern,
            answer: answer,
            priority: 1
        )
        rule.chat = context.chat.description
        try await context.saving {
            try rule.check()
            try await repository.save(rule, of: context.bot.id, at: context.services.time.date())
        }
        try await context.reply("“\(pattern)” is answered here.")
    }
}

/// Ends an answer.
struct StopFilterCommand: Command {
    let declaration = CommandDeclaration(
        "stopfilter",
        aliases: ["stop", "delfilter"],
        .automation,
        "Ends what filter has begun.",
        arguments: [CommandArgument("words", .text, "The words that are looked for.")],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let words = (context.arguments["words"] ?? "").lowercased()
        let repository = AutomationRepository(database: context.store.database)
        let found = try await repository.rules(of: context.bot.id).first {
            $0.chat == context.chat.description && $0.pattern.lowercased() == words
        }
        guard let found else { throw CommandRefusal("That is not answered here.") }
        _ = try await repository.deleteRule(found.id, of: context.bot.id)
        try await context.store.live.refresh(context.bot.id)
        try await context.reply("That is not answered any more.")
    }
}
