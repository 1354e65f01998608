/// The page of the manual about all commands, made from what they declare.
package enum CommandManual {
    /// Markdown; `docs/commands.md` is this text.
    package static func markdown(_ registry: CommandRegistry) -> String {
        var lines = [
            "# Commands", "",
            "What a bot understands. Each command is written after the bot's prefix, such as `!ping`; `!menu` lists those that a bot",
            "offers and `!help NAME` explains one. `<…>` is needed, `[…]` may be left out, and what holds blanks goes in quotes.",
            "",
            "On the page **Commands** of a bot each is switched on and off, alone or with its whole category.", "",
            "This page is made from the commands themselves; `wharf commands` prints it.", "",
        ]
        for category in CommandCategory.allCases {
            let commands = registry.commands(in: category).map(\.declaration).sorted { $0.name < $1.name }
            guard !commands.isEmpty else { continue }
            lines += ["## \(category.title.text(.english))", ""]
            for command in commands { lines += section(command) }
        }
        return lines.joined(separator: "\n").trimmed + "\n"
    }

    private static func section(_ command: CommandDeclaration) -> [String] {
        var lines = ["### \(command.name)", "", command.summary.text(.english), "", "`\(command.usage())`", ""]
        var facts: [String] = []
        if !command.aliases.isEmpty {
            facts.append("also " + command.aliases.map { "`\($0)`" }.joined(separator: ", "))
        }
        if !command.permissions.words.isEmpty {
            facts.append("for " + command.permissions.words.joined(separator: ", ").text(.english))
        }
        if command.coolDown > .zero { facts.append("once in \(DurationText.write(command.coolDown)) for each person") }
        if !command.isOffered { facts.append("off unless switched on") }
        if let first = facts.first {
            let text = ([first.prefix(1).uppercased() + first.dropFirst()] + facts.dropFirst()).joined(separator: "; ")
            lines += ["\(text).", ""]
        }
        let arguments = command.arguments
        if !arguments.isEmpty {
            lines += ["| argument | |", "| --- | --- |"]
            lines += arguments.map { "| `\(cell($0.form()))` | \(cell($0.help.text(.english))) |" } + [""]
        }
        if !command.settings.isEmpty {
            lines += ["| setting | usually | |", "| --- | --- | --- |"]
            lines +=
                command.settings.map {
                    "| `\($0.name)` | `\(cell($0.standard.text(.english)))` | \(cell($0.help.text(.english))) |"
                } + [""]
        }
        return lines
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
