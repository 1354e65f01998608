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
        Phrase(
            en: "Answers in this chat whatever contains some words; without them it lists what is answered here.",
            id: "Menjawab di chat ini apa saja yang memuat kata tertentu; tanpa kata menampilkan daftarnya."
        ),
        arguments: [
            CommandArgument(
                "filter",
                "filter",
                .text,
                optional: true,
                Phrase(
                    en: "Such as: opening hours | We are open from 9 to 17, {name}.",
                    id: "Misalnya: jam buka | Kami buka pukul 9 sampai 17, {name}."
                )
            )
        ],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        try context.requireFilters()
        let repository = AutomationRepository(database: context.store.database)
        let here = try await repository.rules(of: context.bot.id).filter { $0.chat == context.chat.description }
        guard let text = context.arguments["filter"] else {
            let lines = here.map { Phrase(same: "“\($0.pattern)” → \($0.answer.prefix(60))") }
            try await context.reply(
                lines.isEmpty
                    ? Phrase(en: "Nothing is answered here.", id: "Belum ada yang dijawab di sini.")
                    : lines.joined(separator: "\n")
            )
            return
        }
        let parts = text.split(separator: "|", maxSplits: 1).map(\.trimmed)
        let answer = parts.count == 2 ? parts[1] : context.quote?.text ?? ""
        guard let pattern = parts.first, !pattern.isEmpty, !answer.isEmpty else {
            throw context.refusal(
                Phrase(
                    en: "Write what is looked for, a |, and the answer.",
                    id: "Tulis yang dicari, tanda |, lalu jawabannya."
                )
            )
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
            let limits: AutoReplyRule.Limits = context.isBotAdmin ? .standard : .chats
            try await repository.save(rule, of: context.bot.id, limits, at: context.services.time.date())
        }
        try await context.reply(
            Phrase(en: "“\(pattern)” is answered here.", id: "“\(pattern)” sekarang dijawab di sini.")
        )
    }
}

extension CommandContext {
    /// In private everybody is alone with the bot, whose rules are shared.
    fileprivate func requireFilters() throws {
        guard isGroup || isBotAdmin else { throw CommandRefusal(.botAdminOnly) }
    }
}

/// Ends an answer.
struct StopFilterCommand: Command {
    let declaration = CommandDeclaration(
        "stopfilter",
        aliases: ["stop", "delfilter"],
        .automation,
        Phrase(en: "Ends what filter has begun.", id: "Menghentikan jawaban yang dibuat dengan filter."),
        arguments: [
            CommandArgument(
                "words",
                "kata",
                .text,
                Phrase(en: "The words that are looked for.", id: "Kata yang dicari.")
            )
        ],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        try context.requireFilters()
        let words = (context.arguments["words"] ?? "").lowercased()
        let repository = AutomationRepository(database: context.store.database)
        let found = try await repository.rules(of: context.bot.id).first {
            $0.chat == context.chat.description && $0.pattern.lowercased() == words
        }
        guard let found else {
            throw CommandRefusal(Phrase(en: "That is not answered here.", id: "Itu tidak dijawab di sini."))
        }
        _ = try await repository.deleteRule(found.id, of: context.bot.id)
        try await context.store.live.refresh(context.bot.id)
        try await context.reply(Phrase(en: "That is not answered any more.", id: "Itu tidak dijawab lagi."))
    }
}
