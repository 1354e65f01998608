import Fleet
import Foundation
import WhatsAppWire

/// Makes rules that answer what people write.
struct AutoReplyCommand: Command {
    let declaration = CommandDeclaration(
        "autoreply",
        aliases: ["rule"],
        .automation,
        Phrase(
            en: "Makes, lists and removes rules that answer what people write.",
            id: "Membuat, menampilkan, dan menghapus aturan balasan otomatis."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["list", "exact", "contains", "starts", "regex", "remove", "test"]),
                Phrase(en: "What is done.", id: "Tindakannya.")
            ),
            CommandArgument(
                "rule",
                "aturan",
                .text,
                optional: true,
                Phrase(
                    en: "Such as: hello | Hello {name}; for remove the number in the list; for test a text.",
                    id: "Misalnya: halo | Halo {name}; untuk remove nomor dalam daftar; untuk test sebuah teks."
                )
            ),
        ],
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let repository = AutomationRepository(database: context.store.database)
        let rules = try await repository.rules(of: context.bot.id)
        let text = context.arguments["rule"] ?? ""
        switch context.arguments["action"] ?? "list" {
        case "list":
            let lines = rules.enumerated().map {
                Phrase(same: "\($0 + 1). \($1.match.rawValue) “\($1.pattern)” → \($1.answer.prefix(60))")
            }
            try await context.reply(
                lines.isEmpty
                    ? Phrase(en: "There are no rules.", id: "Belum ada aturan.") : lines.joined(separator: "\n")
            )
        case "remove":
            guard let number = Int(text), rules.indices.contains(number - 1) else {
                throw context.refusal(
                    Phrase(en: "Give the number of a rule in the list.", id: "Tulis nomor aturan dalam daftar.")
                )
            }
            _ = try await repository.deleteRule(rules[number - 1].id, of: context.bot.id)
            try await context.store.live.refresh(context.bot.id)
            try await context.reply(Phrase(en: "The rule is gone.", id: "Aturan sudah dihapus."))
        case "test":
            let rule = RuleSet(rules).match(text, isGroup: context.isGroup, chat: context.chat.description)
            try await context.reply(
                rule.map {
                    Phrase(en: "“\($0.pattern)” answers: \($0.answer)", id: "“\($0.pattern)” menjawab: \($0.answer)")
                } ?? Phrase(en: "No rule answers that.", id: "Tidak ada aturan yang menjawab itu.")
            )
        case let kind:
            let parts = text.split(separator: "|", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2 else {
                throw context.refusal(
                    Phrase(
                        en: "Write what is looked for, a |, and the answer.",
                        id: "Tulis yang dicari, tanda |, lalu jawabannya."
                    )
                )
            }
            let rule = AutoReplyRule(
                match: AutoReplyRule.Match(rawValue: kind) ?? .exact,
                pattern: parts[0],
                answer: parts[1]
            )
            try await context.saving {
                try rule.check()
                try await repository.save(rule, of: context.bot.id, at: context.services.time.date())
            }
            try await context.reply(Phrase(en: "The rule is made.", id: "Aturan sudah dibuat."))
        }
    }
}

extension CommandContext {
    /// Says in words what is wrong with something that somebody makes; afterwards it holds.
    func saving(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as AutomationError {
            switch error {
            case .invalid(let field):
                throw CommandRefusal(
                    Phrase(en: "This does not fit: \(field.rawValue).", id: "Isian ini tidak cocok: \(field.rawValue).")
                )
            case .invalidRegex(let problem): throw CommandRefusal(problem.phrase)
            case .limitReached(let limit):
                throw CommandRefusal(Phrase(en: "There are \(limit) already.", id: "Sudah ada \(limit)."))
            case .shareReached(let limit):
                throw CommandRefusal(
                    Phrase(
                        en:
                            "Everybody together has \(limit) of them already; the rest is for the bot's administrators.",
                        id: "Semua orang bersama sudah punya \(limit); sisanya untuk admin bot."
                    )
                )
            case .filesTooLarge:
                throw CommandRefusal(
                    Phrase(en: "The bot has no room for another file.", id: "Tidak ada ruang lagi untuk berkas lain.")
                )
            case .takenName(let name):
                throw CommandRefusal(Phrase(en: "“\(name)” is taken.", id: "“\(name)” sudah dipakai."))
            case .inUse:
                throw CommandRefusal(
                    Phrase(en: "Something of the bot still uses it.", id: "Masih ada bagian bot yang memakainya.")
                )
            case .unknown: throw CommandRefusal(Phrase(en: "There is no such thing.", id: "Itu tidak ada."))
            }
        }
        try await store.live.refresh(bot.id)
    }
}
