/// The page of the manual about all commands, made from what they declare.
package enum CommandManual {
    /// Markdown; `docs/commands.md` and `docs/id/commands.md` are this text.
    package static func markdown(_ registry: CommandRegistry, in language: BotLanguage = .english) -> String {
        var lines = introduction(language)
        for category in CommandCategory.allCases {
            let commands = registry.commands(in: category).map(\.declaration).sorted { $0.name < $1.name }
            guard !commands.isEmpty else { continue }
            lines += ["## \(category.title.text(language))", ""]
            for command in commands { lines += section(command, language) }
        }
        return lines.joined(separator: "\n").trimmed + "\n"
    }

    private static func introduction(_ language: BotLanguage) -> [String] {
        switch language {
        case .english:
            [
                "# Commands", "",
                "What a bot understands. Each command is written after the bot's prefix, such as `!ping`; `!menu` lists those that a bot",
                "offers and `!help NAME` explains one. `<…>` is needed, `[…]` may be left out, and what holds blanks goes in quotes.",
                "",
                "On the page **Commands** of a bot each is switched on and off, alone or with its whole category.", "",
                "This page is made from the commands themselves; `wharf commands` prints it.", "",
            ]
        case .indonesian:
            [
                "# Perintah", "",
                "Apa yang dimengerti bot. Setiap perintah ditulis sesudah awalan bot, misalnya `!ping`; `!menu` menampilkan perintah",
                "yang ditawarkan bot dan `!help NAMA` menjelaskan satu perintah. `<…>` wajib, `[…]` boleh dihilangkan, dan yang",
                "mengandung spasi ditulis dalam tanda kutip.",
                "",
                "Di halaman **Perintah** sebuah bot, setiap perintah dihidupkan dan dimatikan, satu per satu atau sekategori sekaligus.",
                "",
                "Halaman ini dibuat dari perintahnya sendiri; `wharf commands --language id` mencetaknya.", "",
            ]
        }
    }

    private static func section(_ command: CommandDeclaration, _ language: BotLanguage) -> [String] {
        var lines = ["### \(command.name)", "", command.summary.text(language), "", "`\(command.usage(language))`", ""]
        let facts = facts(of: command, language)
        if let first = facts.first {
            let text = ([first.prefix(1).uppercased() + first.dropFirst()] + facts.dropFirst()).joined(separator: "; ")
            lines += ["\(text).", ""]
        }
        let arguments = command.arguments
        if !arguments.isEmpty {
            lines += ["| \(Phrase(en: "argument", id: "argumen").text(language)) | |", "| --- | --- |"]
            lines += arguments.map { "| `\(cell($0.form(language)))` | \(cell($0.help.text(language))) |" } + [""]
        }
        if !command.settings.isEmpty {
            lines += [
                "| \(Phrase(en: "setting | usually", id: "setelan | biasanya").text(language)) | |",
                "| --- | --- | --- |",
            ]
            lines +=
                command.settings.map {
                    "| `\($0.name)` | `\(cell($0.standard.text(language)))` | \(cell($0.help.text(language))) |"
                } + [""]
        }
        return lines
    }

    private static func facts(of command: CommandDeclaration, _ language: BotLanguage) -> [String] {
        var facts: [String] = []
        if !command.aliases.isEmpty {
            let also = Phrase(en: "also ", id: "juga ").text(language)
            facts.append(also + command.aliases.map { "`\($0)`" }.joined(separator: ", "))
        }
        if !command.permissions.words.isEmpty {
            let whom = Phrase(en: "for ", id: "untuk ").text(language)
            facts.append(whom + command.permissions.words.joined(separator: ", ").text(language))
        }
        if command.coolDown > .zero {
            let pause = DurationText.write(command.coolDown, language)
            facts.append(
                language == .english ? "once in \(pause) for each person" : "sekali dalam \(pause) untuk setiap orang"
            )
        }
        if !command.isOffered {
            facts.append(Phrase(en: "off unless switched on", id: "mati kecuali dihidupkan").text(language))
        }
        return facts
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
