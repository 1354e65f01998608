import ArgumentParser
import Bots
import Foundation

/// The command `wharf commands`.
struct CommandsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commands",
        abstract: "Print what bots understand, in Markdown.",
        discussion: "This is the page docs/commands.md of the manual.",
        version: Wharf.version
    )

    func run() throws {
        Terminal.write(CommandManual.markdown(try .builtIn()), to: .standardOutput)
    }
}
