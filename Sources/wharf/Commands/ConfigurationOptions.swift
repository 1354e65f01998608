import ArgumentParser
import Foundation
import Observability
import Settings

/// Options that every command with a configuration has.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("File of KEY=VALUE lines with settings; see docs/configuration.md.", valueName: "file"))
    var config: String?

    /// Reads all settings; `given` are those from the command line, nil where an option was not used.
    func settings(_ given: [String: String?] = [:]) throws -> Settings {
        try Settings.load(
            options: given.compactMapValues { $0 },
            configurationFile: config,
            environment: ProcessInfo.processInfo.environment
        )
    }
}

extension LogFormat {
    init(_ format: LoggingSettings.Format) {
        switch format {
        case .console: self = .console
        case .json: self = .json
        }
    }
}
