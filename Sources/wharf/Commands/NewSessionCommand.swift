import ArgumentParser
import Foundation
import Logging
import NIOCore
import NIOPosix
import Settings
import WhatsApp

/// The command `wharf session new`.
struct NewSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Link a phone from the terminal and print the session ID.",
        discussion: """
            Shows a QR code to scan, or with --phone a code to enter at the phone, on standard error; the session ID alone goes \
            to standard output. Whoever has it can read and write as you.
            """,
        version: Wharf.version
    )

    @Option(help: ArgumentHelp("Ask for a pairing code for this number, instead of a QR code.", valueName: "number"))
    var phone: String?

    @Option(help: "Form of the session ID.")
    var format: SessionIDDialect = .tildeGzip

    @Option(help: "Name in front of the session ID.")
    var prefix: String = SessionIDPrefix.standard.text

    @Option(help: ArgumentHelp("New file to write the session ID to, for your eyes only.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Link a simulated phone of the sandbox at this address.", valueName: "url"))
    var sandboxURL: String?

    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        do throws(SessionIDPrefixError) {
            _ = try SessionIDPrefix(prefix)
        } catch {
            throw ValidationError("--prefix takes 1 to 32 letters, digits, hyphens, underscores and full stops")
        }
        guard let phone else { return }
        do throws(PhoneNumberError) {
            _ = try PhoneNumber(parsing: phone)
        } catch {
            throw ValidationError("--phone takes a number with its country code and without a zero in front")
        }
    }

    func run() async throws {
        let settings = try configuration.settings()
        let prefix = try SessionIDPrefix(prefix)
        let file = try output.map { try SecretFile(creating: $0) }
        do {
            let credentials = try await link(settings)
            let session = try SessionIDCodec.encode(credentials, as: format, prefix: prefix)
            if let file {
                try file.write(session.reveal() + "\n")
            } else {
                Terminal.say(session.reveal())
            }
        } catch {
            file?.discard()
            throw error
        }
        if let output {
            Terminal.write("The session ID is in \(output). Treat it like a password.\n", to: .standardError)
        }
    }

    private func link(_ settings: Settings) async throws -> Credentials {
        let number = try phone.map { try PhoneNumber(parsing: $0) }
        let silence = Logger(label: "whatsapp") { _ in SwiftLogNoOpLogHandler() }
        let remote = try await RemoteService.find(sandboxURL: sandboxURL, settings: settings.client, logger: silence)
        let computePool = NIOThreadPool(numberOfThreads: 2)
        computePool.start()
        let connection = LinkingConnection(
            service: remote.service,
            profile: ClientProfile(settings.client, versions: remote.versions),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            computePool: computePool,
            logger: silence
        )
        let result = await TerminalLinking(connection: connection, number: number).run()
        connection.close()
        try await computePool.shutdownGracefully()
        return try result.get()
    }
}

extension SessionIDDialect: ExpressibleByArgument {}

/// A new file that only its owner may read.
private struct SecretFile {
    private let path: String
    private let handle: FileHandle

    init(creating path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "exists already" : "cannot be made: \(String(cString: strerror(errno)))"
            throw Failure("\(path) \(reason)")
        }
        self.path = path
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ text: String) throws {
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
    }

    func discard() {
        unlink(path)
    }
}
