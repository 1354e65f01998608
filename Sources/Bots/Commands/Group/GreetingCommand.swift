/// Greets who joins a group, or says goodbye to who leaves.
struct GreetingCommand: Command {
    enum Occasion { case joining, leaving }

    let declaration: CommandDeclaration
    private let occasion: Occasion

    init(_ occasion: Occasion) {
        self.occasion = occasion
        let isJoining = occasion == .joining
        declaration = CommandDeclaration(
            isJoining ? "welcome" : "goodbye",
            aliases: isJoining ? [] : ["bye"],
            .group,
            isJoining
                ? "Greets people who join; the text may hold {mention}, {group}, {members} and {description}."
                : "Says goodbye to people who leave; the text may hold {mention}, {group} and {members}.",
            arguments: [
                CommandArgument("state", .choice(["on", "off", "set", "show"]), "On, off, a new text, or the text."),
                CommandArgument("text", .text, optional: true, "For set: the text."),
            ],
            permissions: [.groupOnly, .groupAdmin]
        )
    }

    func run(_ context: CommandContext) async throws {
        let state = context.arguments["state"] ?? "show"
        let text = context.arguments["text"]
        if state == "set" {
            guard let text, text.count <= 2_000 else {
                throw context.refusal("Write a text of at most 2000 characters.")
            }
        }
        let (isOn, own) = fields
        let settings = try await context.changeChat { settings in
            switch state {
            case "on": settings[keyPath: isOn] = true
            case "off": settings[keyPath: isOn] = false
            case "set":
                settings[keyPath: isOn] = true
                settings[keyPath: own] = text
            default: break
            }
        }
        let shown = settings[keyPath: own] ?? usual(context.conduct.settings)
        try await context.reply(settings[keyPath: isOn] == true ? "\(told)\n\(shown)" : untold)
    }

    private var fields: (isOn: WritableKeyPath<ChatSettings, Bool?>, text: WritableKeyPath<ChatSettings, String?>) {
        switch occasion {
        case .joining: (\.isWelcoming, \.welcome)
        case .leaving: (\.isSayingGoodbye, \.goodbye)
        }
    }

    /// What is said in chats without a text of their own.
    private func usual(_ settings: ConductSettings) -> String {
        switch occasion {
        case .joining: settings.welcome ?? GroupStage.welcome
        case .leaving: settings.goodbye ?? GroupStage.goodbye
        }
    }

    private var told: String { occasion == .joining ? "Who joins is greeted:" : "Who leaves is told:" }
    private var untold: String { occasion == .joining ? "Nobody is greeted." : "Nobody is told goodbye." }
}
