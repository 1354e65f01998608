/// Watches for bad words.
struct AntiBadWordCommand: Command {
    let declaration = CommandDeclaration(
        "antibadword",
        aliases: ["antitoxic", "badword"],
        .group,
        "Takes away messages with bad words, and warns or removes who wrote them.",
        arguments: [
            CommandArgument(
                "action",
                .choice(["off", "delete", "warn", "kick", "add", "remove", "list"]),
                "What is done, or the list."
            ),
            CommandArgument("words", .text, optional: true, "For add and remove: words, with commas between them."),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["action"] ?? "off"
        let words = (context.arguments["words"] ?? "").lowercased().split(separator: ",").map(\.trimmed)
            .filter { (1...60).contains($0.count) }
        if word == "add" || word == "remove", words.isEmpty {
            throw context.refusal("Name words, with commas between them.")
        }
        let settings = try await context.changeChat { settings in
            var rule = settings.words ?? WordRule(action: .delete)
            switch word {
            case "list": return
            case "off":
                settings.words = nil
                return
            case "add": rule.words = Array(Set(rule.words + words)).sorted()
            case "remove": rule.words.removeAll { words.contains($0) }
            default: rule.action = ModerationAction(rawValue: word) ?? .delete
            }
            guard rule.words.count <= 300 else { throw CommandRefusal("At most 300 words.") }
            settings.words = rule
        }
        guard let rule = settings.words else {
            try await context.reply("Bad words are not watched.")
            return
        }
        let list = word == "list" ? "\n" + rule.words.joined(separator: ", ") : ""
        try await context.reply("Bad words: \(rule.action.rawValue), \(rule.words.count) on the list.\(list)")
    }
}
