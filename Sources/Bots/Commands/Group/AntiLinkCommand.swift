/// Watches for links.
struct AntiLinkCommand: Command {
    let declaration = CommandDeclaration(
        "antilink",
        .group,
        "Takes away messages with links, and warns or removes who wrote them.",
        arguments: [
            CommandArgument(
                "action",
                .choice(["off", "delete", "warn", "kick", "allow", "forbid"]),
                "What is done, or the list."
            ),
            CommandArgument("hosts", .text, optional: true, "For allow and forbid: hosts such as youtube.com."),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["action"] ?? "off"
        let hosts = (context.arguments["hosts"] ?? "").lowercased().split { $0.isWhitespace || $0 == "," }.map(
            String.init
        )
        if word == "allow" || word == "forbid" {
            guard !hosts.isEmpty, hosts.allSatisfy(CustomContent.isHost) else {
                throw context.refusal("Name hosts such as youtube.com.")
            }
        }
        let settings = try await context.changeChat { settings in
            var rule = settings.links ?? LinkRule(action: .delete)
            switch word {
            case "off":
                settings.links = nil
                return
            case "allow": rule.allowed = Array(Set(rule.allowed + hosts)).sorted()
            case "forbid": rule.allowed.removeAll { hosts.contains($0) }
            default: rule.action = ModerationAction(rawValue: word) ?? .delete
            }
            guard rule.allowed.count <= 100 else { throw CommandRefusal("At most 100 hosts.") }
            settings.links = rule
        }
        guard let rule = settings.links else {
            try await context.reply("Links are allowed.")
            return
        }
        let allowed = rule.allowed.isEmpty ? "none" : rule.allowed.joined(separator: ", ")
        try await context.reply("Links: \(rule.action.rawValue). Allowed: \(allowed).")
    }
}
