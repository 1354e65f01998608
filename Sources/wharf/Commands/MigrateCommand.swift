import ArgumentParser
import Logging
import Observability
import Settings

/// The command `wharf migrate`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema up to date and end.",
        discussion: "`wharf serve` does the same when it starts.",
        version: Wharf.version
    )

    @Option(help: ArgumentHelp("Folder for everything that Wharf keeps.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Folder with templates, web, migrations and docs.", valueName: "dir"))
    var share: String?

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        let settings = try configuration.settings(["WHARF_DATA": data, "WHARF_SHARE": share])
        LoggingSystem.bootstrap(format: LogFormat(settings.logging.format), level: settings.logging.level)
        let share = try Places.share(settings.server)
        let store = try await DatabaseStart.open(settings, logger: Logger(label: "database"))
        let applied: Int
        do {
            applied = try await store.migrate(from: share)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        Terminal.say(applied == 0 ? "The database is up to date." : "Migrations applied: \(applied).")
    }
}
