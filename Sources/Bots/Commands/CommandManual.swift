/// The manual's page of commands, written from their declarations.
package enum CommandManual {
    package static func page(_ registry: CommandRegistry) -> String {
        var lines = [
            "# Commands",
            "",
            "What bots understand. This page is made from the commands' own declarations; do not edit it by hand.",
            "",
            "Write the bot's prefix before the name, such as `!ping`. `<name>` must be given, `[name]` may be. Quotes hold"
                + " words together: `\"two words\"`. People are named by mentioning them, by their number, or by answering"
                + " their message. Every command can be switched off, everywhere or in one chat.",
        ]
        for category in CommandCategory.allCases {
            let commands = registry.commands(in: category).map(\.declaration)
            guard !commands.isEmpty else { continue }
            lines += ["", "## \(category.title)", "", "| command | what it does | for |", "| --- | --- | --- |"]
            for command in commands {
                let aliases =
                    command.aliases.isEmpty ? "" : " Also \(command.aliases.map { "`\($0)`" }.joined(separator: ", "))."
                let who = command.permissions.isEmpty ? "everybody" : command.permissions.words.joined(separator: ", ")
                lines.append(
                    "| `\(cell(command.usage))` | \(cell(command.summary))\(aliases)\(details(command)) | \(who) |"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func details(_ command: CommandDeclaration) -> String {
        var text = command.arguments.map { " *\($0.name)*: \(cell($0.help))" }.joined()
        for setting in command.settings {
            text +=
                " Setting *\(setting.name)*, \(setting.standard.isEmpty ? "empty" : "`\(cell(setting.standard))`")"
                + " if nothing is set: \(cell(setting.help))"
        }
        if command.coolDown > .zero {
            text += " Once in \(DurationText.write(command.coolDown)) for each person and chat."
        }
        if !command.isOffered { text += " Off until it is switched on." }
        return text
    }

    /// Text that stays in its cell.
    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
