import ArgumentParser
import Logging
import NIOCore
import NIOPosix
import Observability
import ServiceLifecycle
import Settings
import WhatsAppSandbox

/// The command `wharf sandbox`.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run only the WhatsApp-like server with simulated phones.",
        version: Wharf.version
    )

    @Option(help: "Address to listen on.")
    var host: String?

    @Option(help: "Port to listen on; 0 for any free one.")
    var port: Int?

    @Option(help: ArgumentHelp("File that keeps phones and devices over a restart.", valueName: "file"))
    var snapshot: String?

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        let settings = try configuration.settings([
            "WHARF_SANDBOX_HOST": host,
            "WHARF_SANDBOX_PORT": port.map { "\($0)" },
            "WHARF_SANDBOX_SNAPSHOT": snapshot,
        ])
        LoggingSystem.bootstrap(format: LogFormat(settings.logging.format), level: settings.logging.level)
        let logger = Logger(label: "sandbox")
        let server = SandboxServer(
            configuration: SandboxConfiguration(settings.sandbox),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        do {
            try await server.start()
        } catch {
            throw Failure(error, listeningOn: settings.sandbox.host, port: settings.sandbox.port, option: "--port")
        }
        Terminal.say("The sandbox is at \(try server.httpURL)")
        try await ServiceGroup(
            services: [server],
            until: settings.timeouts.shutdown,
            logger: logger
        ).run()
    }
}
