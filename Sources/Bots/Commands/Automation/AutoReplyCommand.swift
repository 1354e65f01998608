import Fleet
import Foundation

/// Makes rules that answer what people write.
struct AutoReplyCommand: Command {
    let declaration = CommandDeclaration(
        "autoreply",
        aliases: ["rule"],
        .automation,
        "Makes, lists and removes rules that answer what people write.",
        arguments: [
            CommandArgument(
                "action",
                .choice(["list", "exact", "contains", "starts", "regex", "remove", "test"]),
                "What is done."
            ),
            CommandArgument(
                "rule",
                .text,
                optional: true,
                "Such as: hello | Hello {name}; for remove the number in the list; for test a text."
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
                "\($0 + 1). \($1.match.rawValue) “\($1.pattern)” → \($1.answer.prefix(60))"
            }
            try await context.reply(lines.isEmpty ? "There are no rules." : lines.joined(separator: "\n"))
        case "remove":
            guard let number = Int(text), rules.indices.contains(number - 1) else {
                throw context.refusal("Give the number of a rule in the list.")
            }
            _ = try await repository.deleteRule(rules[number - 1].id, of: context.bot.id)
            try await context.store.live.refresh(context.bot.id)
            try await context.reply("The rule is gone.")
        case "test":
            let rule = RuleSet(rules).match(text, isGroup: context.isGroup)
            try await context.reply(rule.map { "“\($0.pattern)” answers: \($0.answer)" } ?? "No rule answers that.")
        case let kind:
            let parts = text.split(separator: "|", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2 else { throw context.refusal("Write what is looked for, a |, and the answer.") }
            let rule = AutoReplyRule(
                match: AutoReplyRule.Match(rawValue: kind) ?? .exact,
                pattern: parts[0],
                answer: parts[1]
            )
            try await context.saving {
                try rule.check()
                try await repository.save(rule, of: context.bot.id, at: context.services.time.date())
            }
            try await context.reply("The rule is made.")
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
            case .invalid(let field): throw CommandRefusal("This does not fit: \(field.rawValue).")
            case .invalidRegex(let text): throw CommandRefusal(text)
            case .limitReached(let limit): throw CommandRefusal("There are \(limit) already.")
            case .filesTooLarge: throw CommandRefusal("The bot has no room for another file.")
            case .takenName(let name): throw CommandRefusal("“\(name)” is taken.")
            case .inUse: throw CommandRefusal("Something of the bot still uses it.")
            case .unknown: throw CommandRefusal("There is no such thing.")
            }
        }
        try await store.live.refresh(bot.id)
    }
}
