import ArgumentParser

/// The command `wharf session`.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Run sessions on the server; make a session ID in the terminal, or look into one.",
        version: Wharf.version,
        subcommands: [
            ListSessionsCommand.self, StartSessionCommand.self, StopSessionCommand.self, SendCommand.self,
            TailSessionCommand.self, ExportSessionCommand.self, ImportSessionCommand.self, NewSessionCommand.self,
            InspectSessionCommand.self,
        ]
    )
}
