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

    @Option(help: ArgumentHelp("A second port, such as 443; both take TLS and plain connections.", valueName: "port"))
    var tlsPort: Int?

    @Option(help: ArgumentHelp("File that keeps phones and devices over a restart.", valueName: "file"))
    var snapshot: String?

    @Option(
        help: ArgumentHelp(
            "Make traffic: phones=5000,rate=2000,link=1000[,groups=500,members=20][,seconds=60][,length=32].",
            valueName: "load"
        )
    )
    var load: String?

    @Option(
        help: ArgumentHelp(
            "File for the credentials of the load's sessions, one JSON object a line.",
            valueName: "file"
        )
    )
    var loadCredentials: String?

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        let settings = try configuration.settings([
            "WHARF_SANDBOX_HOST": host,
            "WHARF_SANDBOX_PORT": port.map { "\($0)" },
            "WHARF_SANDBOX_TLS_PORT": tlsPort.map { "\($0)" },
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
        if let load { return try await run(LoadOrder(parsing: load), on: server) }
        try await ServiceGroup(
            services: [server],
            until: settings.timeouts.shutdown,
            logger: logger
        ).run()
    }

    /// Prepares the load's sessions, waits for all of them to connect, and writes to them.
    private func run(_ order: LoadOrder, on server: SandboxServer) async throws {
        let devices = try await server.prepare(order)
        if let loadCredentials {
            try LoadCredentials.write(devices, to: loadCredentials)
            Terminal.say("The credentials of \(devices.count) sessions are in \(loadCredentials)")
        }
        let last = try await server.run(order) { report in Terminal.say(LoadCredentials.line(report)) }
        Terminal.say(LoadCredentials.line(last))
        await server.shutdown()
    }
}
