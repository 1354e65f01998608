import ArgumentParser

/// The command `wharf session`.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Make a session ID in the terminal, or look into one.",
        version: Wharf.version,
        subcommands: [NewSessionCommand.self, InspectSessionCommand.self]
    )
}
