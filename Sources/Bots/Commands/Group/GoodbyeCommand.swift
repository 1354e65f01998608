/// Says goodbye to who leaves.
struct GoodbyeCommand: Command {
    let declaration = CommandDeclaration(
        "goodbye",
        aliases: ["bye"],
        .group,
        "Says goodbye to people who leave; the text may hold {mention}, {group} and {members}.",
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
            case "on": settings.isSayingGoodbye = true
            case "off": settings.isSayingGoodbye = false
            case "set":
                settings.isSayingGoodbye = true
                settings.goodbye = text
            default: break
            }
        }
        let shown = settings.goodbye ?? context.conduct.settings.goodbye ?? GroupStage.goodbye
        let isOn = settings.isSayingGoodbye == true
        try await context.reply(isOn ? "Who leaves is told:\n\(shown)" : "Nobody is told goodbye.")
    }
}
