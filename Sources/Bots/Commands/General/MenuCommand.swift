/// Shows what the bot can do.
struct MenuCommand: Command {
    let declaration = CommandDeclaration(
        "menu",
        aliases: ["help", "commands", "list"],
        .general,
        "Shows the commands, those of one category, or how one is used.",
        arguments: [
            CommandArgument("topic", .text, optional: true, "A category, a command, or a word to look for.")
        ]
    )

    func run(_ context: CommandContext) async throws {
        guard let topic = context.arguments["topic"]?.lowercased() else {
            try await context.reply(overview(context))
            return
        }
        let registry = context.services.registry
        let name = topic.hasPrefix(context.prefix) ? String(topic.dropFirst(context.prefix.count)) : topic
        if let category = CommandCategory.allCases.first(where: { $0.title.lowercased() == name }) {
            try await context.reply(list(category, context))
            return
        }
        if let command = registry.find(name) {
            try await context.reply(Self.details(command.declaration, prefix: context.prefix))
            return
        }
        let found = offered(context).filter {
            $0.name.contains(name) || $0.summary.lowercased().contains(name)
        }
        guard !found.isEmpty else {
            let hint = registry.closest(to: name).map { " Did you mean \(context.prefix)\($0)?" } ?? ""
            throw CommandRefusal("There is no command “\(name.prefix(40))”.\(hint)")
        }
        let lines = found.prefix(40).map { "\(context.prefix)\($0.name) – \($0.summary)" }
        try await context.reply("*\(found.count) found*\n" + lines.joined(separator: "\n"))
    }

    private func offered(_ context: CommandContext) -> [CommandDeclaration] {
        context.services.registry.commands.map(\.declaration).filter {
            context.conduct.offers($0, in: context.chatSettings)
        }
    }

    private func overview(_ context: CommandContext) -> String {
        let offered = offered(context)
        var lines = ["*\(context.conduct.name)*"]
        if let owner = context.conduct.ownerName { lines.append("Owner: \(owner)") }
        lines.append("\(offered.count) commands, prefix \(context.prefix.isEmpty ? "none" : context.prefix)")
        for category in CommandCategory.allCases {
            let names = offered.filter { $0.category == category }.map(\.name)
            guard !names.isEmpty else { continue }
            lines += ["", "*\(category.title)*", names.joined(separator: ", ")]
        }
        let own = context.customCommandNames
        if !own.isEmpty { lines += ["", "*Own commands*", own.joined(separator: ", ")] }
        lines += ["", "\(context.prefix)menu <command> tells how one is used."]
        return lines.joined(separator: "\n")
    }

    private func list(_ category: CommandCategory, _ context: CommandContext) -> String {
        let lines = offered(context).filter { $0.category == category }.map {
            "\(context.prefix)\($0.usage)\n    \($0.summary)"
        }
        return (["*\(category.title)*"] + (lines.isEmpty ? ["Nothing is switched on here."] : lines))
            .joined(separator: "\n")
    }

    static func details(_ declaration: CommandDeclaration, prefix: String) -> String {
        var lines = ["*\(prefix)\(declaration.usage)*", declaration.summary]
        for argument in declaration.arguments { lines.append("• \(argument.name): \(argument.help)") }
        if !declaration.aliases.isEmpty { lines.append("Also: \(declaration.aliases.joined(separator: ", "))") }
        if !declaration.permissions.isEmpty {
            lines.append("For: \(declaration.permissions.words.joined(separator: ", "))")
        }
        if declaration.coolDown > .zero { lines.append("Pause: \(DurationText.write(declaration.coolDown))") }
        return lines.joined(separator: "\n")
    }
}
