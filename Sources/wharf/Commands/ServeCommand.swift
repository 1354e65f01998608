import ArgumentParser
import Logging
import Metrics
import Observability
import ServiceLifecycle
import Settings

/// The command `wharf serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server until SIGTERM or SIGINT.",
        discussion: "Options win over the environment, the environment over the configuration file.",
        version: Wharf.version
    )

    @Option(help: "Address to listen on.")
    var host: String?

    @Option(help: "Port to listen on; 0 for any free one.")
    var port: Int?

    @Option(help: ArgumentHelp("Folder for everything that Wharf keeps.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Folder with templates, web, migrations and docs.", valueName: "dir"))
    var share: String?

    @Flag(inversion: .prefixedNo, help: "Link simulated phones: run a WhatsApp-like server in the same process.")
    var sandbox: Bool?

    @Option(help: ArgumentHelp("Port of the sandbox; 0 for any free one.", valueName: "port"))
    var sandboxPort: Int?

    @Option(help: ArgumentHelp("Link simulated phones of the sandbox that runs at this address.", valueName: "url"))
    var sandboxURL: String?

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        let settings = try configuration.settings([
            "WHARF_HOST": host,
            "WHARF_PORT": port.map { "\($0)" },
            "WHARF_DATA": data,
            "WHARF_SHARE": share,
            "WHARF_SANDBOX": sandbox.map { "\($0)" },
            "WHARF_SANDBOX_PORT": sandboxPort.map { "\($0)" },
            "WHARF_SANDBOX_URL": sandboxURL,
        ])
        LoggingSystem.bootstrap(format: LogFormat(settings.logging.format), level: settings.logging.level)
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        try await ServerProcess(settings: settings, registry: registry).runUntilSignal()
    }
}
