import Foundation

/// Everything that can be configured, read and checked once at the start.
///
/// A setting comes from the command line, else from the environment, else from the configuration file, else it has its
/// standard value. The file is the one that `--config` or `WHARF_CONFIG` names, else `wharf.env` in the working folder, else
/// `wharf.env` in the data folder, if there is one.
package struct Settings: Sendable {
    package var server: ServerSettings
    package var database: DatabaseSettings
    package var logging: LoggingSettings
    package var sandbox: SandboxSettings
    package var sessions: SessionSettings
    package var accounts: AccountSettings
    package var mail: MailSettings
    package var generator: GeneratorSettings
    package var bots: HostingSettings
    package var tools: ToolSettings
    package var client: ClientSettings
    package var timeouts: TimeoutSettings
    /// The file that was read, if any.
    package var file: String?
    /// The names of all settings that somebody gave.
    package var given: Set<String> = []

    /// Reads and checks all settings; throws everything that is wrong with them at once.
    ///
    /// `options` are those given on the command line, by their setting's name; `workingFolder` is where a file without a
    /// path is looked for.
    package static func load(
        options: [String: String],
        configurationFile: String?,
        environment: [String: String],
        workingFolder: String = FileManager.default.currentDirectoryPath
    ) throws(SettingsError) -> Settings {
        var sources = [
            SettingsSource(kind: .commandLine, values: options),
            SettingsSource(kind: .environment, values: ours(environment)),
        ]
        let named = configurationFile ?? environment["WHARF_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? customaryFile(options: options, environment: environment, workingFolder: workingFolder)
        var problems: [SettingsProblem] = []
        if let path {
            let name = URL(filePath: path).lastPathComponent
            let file = SettingsFile(name: name, text: try text(of: path))
            problems += file.problems
            sources.append(SettingsSource(kind: .file(name: name, lines: file.lines), values: file.values))
        }
        var reader = SettingsReader(sources: sources)
        var settings = Settings(reading: &reader)
        settings.file = path
        settings.given = reader.given
        reader.reportUnknownNames()
        problems += reader.problems
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
        return settings
    }

    /// The table of all keys, in the order of the manual.
    package static var declarations: [SettingDeclaration] {
        var reader = SettingsReader(sources: [])
        _ = Settings(reading: &reader)
        return reader.declarations
    }

    private init(reading reader: inout SettingsReader) {
        server = ServerSettings(reading: &reader)
        database = DatabaseSettings(reading: &reader)
        logging = LoggingSettings(reading: &reader)
        sandbox = SandboxSettings(reading: &reader)
        sessions = SessionSettings(reading: &reader)
        accounts = AccountSettings(reading: &reader)
        mail = MailSettings(reading: &reader)
        generator = GeneratorSettings(reading: &reader)
        bots = HostingSettings(reading: &reader)
        tools = ToolSettings(reading: &reader)
        client = ClientSettings(reading: &reader)
        timeouts = TimeoutSettings(reading: &reader)
    }

    /// Those of the environment's variables that speak to Wharf.
    ///
    /// Left out are the name of the file, what the build reads, and what Kubernetes sets beside a service named `wharf`.
    private static func ours(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in
            let plain = ["DATABASE_URL", "SERVERNAME", "ADMIN_USERNAME", "ADMIN_PASSWORD"]
            guard !plain.contains(name) else { return true }
            guard name.hasPrefix("WHARF_") else { return false }
            return name != "WHARF_CONFIG" && name != "WHARF_BENCHMARKS" && !name.hasPrefix("WHARF_TEST_")
                && !name.hasPrefix("WHARF_SERVICE_") && !name.hasPrefix("WHARF_PORT_")
        }
    }

    private static func customaryFile(
        options: [String: String],
        environment: [String: String],
        workingFolder: String
    ) -> String? {
        let data =
            options["WHARF_DATA"] ?? environment["WHARF_DATA"].flatMap { $0.isEmpty ? nil : $0 }
            ?? DataFolder.customary(environment: environment)
        return [workingFolder, data].compactMap { $0 }.map { $0 + "/wharf.env" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    private static func text(of path: String) throws(SettingsError) -> String {
        let reason: String
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            let content = try file.read(upToCount: SettingsFile.limit + 1) ?? Data()
            if content.count > SettingsFile.limit {
                reason = "is larger than 1 MiB"
            } else if let text = String(validating: content, as: UTF8.self), !text.contains("\0") {
                return text
            } else {
                reason = "is not a text in UTF-8"
            }
        } catch {
            reason = FileManager.default.fileExists(atPath: path) ? "cannot be read" : "does not exist"
        }
        throw SettingsError(problems: [SettingsProblem("configuration file \(path): \(reason)")])
    }
}

/// Where Wharf keeps its data when nobody says otherwise.
package enum DataFolder {
    /// `/var/lib/wharf` for root, else Wharf's place for state below the home folder; nil without a home.
    package static func customary(environment: [String: String], isRoot: Bool = geteuid() == 0) -> String? {
        if isRoot { return "/var/lib/wharf" }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/wharf" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state/wharf"
    }
}
