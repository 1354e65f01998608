/// Shows what the bot can do.
struct MenuCommand: Command {
    let declaration = CommandDeclaration(
        "menu",
        aliases: ["help", "commands", "list"],
        .general,
        Phrase(
            en: "Shows the commands, those of one category, or how one is used.",
            id: "Menampilkan semua perintah, satu kategori, atau cara pakai sebuah perintah."
        ),
        arguments: [
            CommandArgument(
                "topic",
                "topik",
                .text,
                optional: true,
                Phrase(
                    en: "A category, a command, or a word to look for.",
                    id: "Kategori, perintah, atau kata yang dicari."
                )
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        guard let topic = context.arguments["topic"]?.lowercased() else {
            try await context.reply(overview(context))
            return
        }
        let registry = context.services.registry
        let name = topic.hasPrefix(context.prefix) ? String(topic.dropFirst(context.prefix.count)) : topic
        if let category = CommandCategory.allCases.first(where: { Self.isCalled($0, name) }) {
            try await context.reply(list(category, context))
            return
        }
        if let command = registry.find(name) {
            try await context.reply(Self.details(command.declaration, prefix: context.prefix))
            return
        }
        let found = offered(context).filter {
            $0.name.contains(name) || $0.summary.text(context.language).lowercased().contains(name)
        }
        guard !found.isEmpty else {
            let problem = Phrase(
                en: "There is no command “\(name.prefix(40))”.",
                id: "Tidak ada perintah “\(name.prefix(40))”."
            )
            guard let near = registry.closest(to: name) else { throw CommandRefusal(problem) }
            throw CommandRefusal(
                Phrase(
                    en: "\(problem) Did you mean \(context.prefix)\(near)?",
                    id: "\(problem) Maksudmu \(context.prefix)\(near)?"
                )
            )
        }
        let title = Phrase(en: "*\(found.count) found*", id: "*\(found.count) ditemukan*")
        let lines = found.prefix(40).map { Phrase(same: "\(context.prefix)\($0.name) – \($0.summary)") }
        try await context.reply(([title] + lines).joined(separator: "\n"))
    }

    private static func isCalled(_ category: CommandCategory, _ name: String) -> Bool {
        category.rawValue == name || BotLanguage.allCases.contains { category.title.text($0).lowercased() == name }
    }

    private func offered(_ context: CommandContext) -> [CommandDeclaration] {
        context.services.registry.commands.map(\.declaration).filter {
            context.conduct.offers($0, in: context.chatSettings)
        }
    }

    private func overview(_ context: CommandContext) -> Phrase {
        let offered = offered(context)
        var lines = [Phrase(same: "*\(context.conduct.name)*")]
        if let owner = context.conduct.ownerName {
            lines.append(Phrase(en: "Owner: \(owner)", id: "Pemilik: \(owner)"))
        }
        let prefix =
            context.prefix.isEmpty ? Phrase(en: "none", id: "tidak ada") : Phrase(same: "\(context.prefix)")
        lines.append(
            Phrase(
                en: "\(offered.count, "command", "commands"), prefix \(prefix)",
                id: "\(offered.count) perintah, awalan \(prefix)"
            )
        )
        for category in CommandCategory.allCases {
            let names = offered.filter { $0.category == category }.map(\.name)
            guard !names.isEmpty else { continue }
            lines.append(Phrase(same: "\n*\(category.title)*\n\(names.joined(separator: ", "))"))
        }
        let own = context.customCommandNames.joined(separator: ", ")
        if !own.isEmpty { lines.append(Phrase(en: "\n*Own commands*\n\(own)", id: "\n*Perintah sendiri*\n\(own)")) }
        lines.append(
            Phrase(
                en: "\n\(context.prefix)menu <command> tells how one is used.",
                id: "\n\(context.prefix)menu <perintah> menjelaskan cara pakainya."
            )
        )
        return lines.joined(separator: "\n")
    }

    private func list(_ category: CommandCategory, _ context: CommandContext) -> Phrase {
        let lines = offered(context).filter { $0.category == category }.map {
            Phrase(
                en: "\(context.prefix)\($0.usage(.english))\n    \($0.summary)",
                id: "\(context.prefix)\($0.usage(.indonesian))\n    \($0.summary)"
            )
        }
        let nothing = Phrase(en: "Nothing is switched on here.", id: "Tidak ada yang aktif di sini.")
        return ([Phrase(same: "*\(category.title)*")] + (lines.isEmpty ? [nothing] : lines)).joined(separator: "\n")
    }

    static func details(_ declaration: CommandDeclaration, prefix: String) -> Phrase {
        var lines = [
            Phrase(
                en: "*\(prefix)\(declaration.usage(.english))*",
                id: "*\(prefix)\(declaration.usage(.indonesian))*"
            ),
            declaration.summary,
        ]
        lines += declaration.arguments.map { Phrase(same: "• \($0.title): \($0.help)") }
        if !declaration.aliases.isEmpty {
            let aliases = declaration.aliases.joined(separator: ", ")
            lines.append(Phrase(en: "Also: \(aliases)", id: "Juga: \(aliases)"))
        }
        if !declaration.permissions.isEmpty {
            let words = declaration.permissions.words.joined(separator: ", ")
            lines.append(Phrase(en: "For: \(words)", id: "Untuk: \(words)"))
        }
        if declaration.coolDown > .zero {
            lines.append(Phrase(en: "Pause: \(declaration.coolDown)", id: "Jeda: \(declaration.coolDown)"))
        }
        return lines.joined(separator: "\n")
    }
}
