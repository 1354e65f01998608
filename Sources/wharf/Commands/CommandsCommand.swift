import ArgumentParser
import Bots
import Foundation

/// The command `wharf commands`.
struct CommandsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commands",
        abstract: "Print what bots understand, in Markdown.",
        discussion: "These are the pages docs/commands.md and docs/id/commands.md of the manual.",
        version: Wharf.version
    )

    @Option(help: "Language of the page: en or id.")
    var language = "en"

    func run() throws {
        guard let language = BotLanguage(rawValue: language) else {
            throw ValidationError("The language is en or id.")
        }
        Terminal.write(CommandManual.markdown(try .builtIn(), in: language), to: .standardOutput)
    }
}
