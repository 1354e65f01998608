/// Greets who joins.
struct WelcomeCommand: Command {
    let declaration = CommandDeclaration(
        "welcome",
        .group,
        "Greets people who join; the text may hold {mention}, {group}, {members} and {description}.",
        arguments: [
            CommandArgument("state", .choice(["on", "off", "set", "show"]), "On, off, a new text, or the text."),
            CommandArgument("text", .text, optional: true, "For set: the text."),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let state = context.arguments["state"] ?? "show"
        let text = context.arguments["text"]
        if state == "set" {
            guard let text, text.count <= 2_000 else {
                throw context.refusal("Write a text of at most 2000 characters.")
            }
        }
        let settings = try await context.changeChat { settings in
            switch state {
            case "on": settings.isWelcoming = true
            case "off": settings.isWelcoming = false
            case "set":
                settings.isWelcoming = true
                settings.welcome = text
            default: break
            }
        }
        let shown = settings.welcome ?? context.conduct.settings.welcome ?? GroupStage.welcome
        try await context.reply(settings.isWelcoming == true ? "Who joins is greeted:\n\(shown)" : "Nobody is greeted.")
    }
}
