import ArgumentParser
import Foundation

/// The program: reads the command line, runs a command, and turns whatever it throws into one line and a status.
@main
struct Wharf: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wharf",
        abstract: "A WhatsApp platform in one server.",
        discussion: """
            Exit statuses: 0 all went well, 1 it did not, 64 the command line makes no sense, 69 something that Wharf needs \
            is not there (the database, a free port), 78 the configuration is wrong.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, SandboxCommand.self, MigrateCommand.self, SessionCommand.self, CommandsCommand.self,
        ]
    )

    static func main() async {
        // Whoever reads our output may go away; that is an error of a write and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// The command that the arguments name, as far as they name one: `wharf session inspect`.
    private static func commandLine(
        of command: any ParsableCommand.Type,
        in arguments: ArraySlice<String>
    ) -> String {
        let name = command.configuration.commandName ?? ""
        for (index, argument) in zip(arguments.indices, arguments) {
            let inner = command.configuration.subcommands.first { $0.configuration.commandName == argument }
            if let inner { return name + " " + commandLine(of: inner, in: arguments[(index + 1)...]) }
        }
        return name
    }

    private static func end(with error: any Error) -> Never {
        let status = exitCode(for: error)
        if status.isSuccess {
            // Help and version come as errors.
            Terminal.write(fullMessage(for: error) + "\n", to: .standardOutput)
            Foundation.exit(status.rawValue)
        }
        if status == .validationFailure {
            let command = commandLine(of: Wharf.self, in: CommandLine.arguments.dropFirst()[...])
            Terminal.complain("\(message(for: error)) (see \(command) --help)")
            Foundation.exit(ExitStatus.usage.rawValue)
        }
        let failure = Failure(error)
        for line in failure.lines { Terminal.complain(line) }
        Foundation.exit(failure.status.rawValue)
    }
}
