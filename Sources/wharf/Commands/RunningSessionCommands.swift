import ArgumentParser
import Foundation
import QRCodes
import WhatsApp

/// Options of every command that talks to the running server.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Data folder of the running server.", valueName: "dir"))
    var data: String?

    @OptionGroup var configuration: ConfigurationOptions

    func client() throws -> ControlClient {
        try ControlClient(configuration.settings(["WHARF_DATA": data]))
    }

    func ask(_ request: ControlRequest, _ take: (ControlReply) throws -> Void = { _ in }) async throws {
        try await client().ask(request, take)
    }
}

/// The command `wharf session list`.
struct ListSessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the running server's sessions and how they are.",
        version: Wharf.version
    )

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.ask(ControlRequest(command: .list)) { reply in
            for session in reply.sessions ?? [] {
                let columns = [
                    session.name.padding(toLength: max(24, session.name.count), withPad: " ", startingAt: 0),
                    session.status.padding(toLength: 12, withPad: " ", startingAt: 0),
                    "health \(session.health)", session.jid, session.reason,
                ]
                Terminal.say((columns.compactMap { $0 } + session.limits).joined(separator: "  "))
            }
        }
    }
}

/// The command `wharf session start`.
struct StartSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start a session, and show a QR code where it needs a phone.",
        discussion: "It comes back after a restart of the server, until it is stopped.",
        version: Wharf.version
    )

    @Argument(help: "Name or identifier.")
    var session: String

    @Flag(help: "Make the session first.")
    var new = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        if new { try await server.ask(ControlRequest(command: .create, session: session)) }
        try await server.ask(ControlRequest(command: .start, session: session)) { reply in
            guard let text = reply.qr, let code = try? QRCode(encoding: text) else { return }
            Terminal.say("On the phone: Settings, Linked devices, Link a device; then scan:")
            Terminal.say(code.terminalBlocks())
            Terminal.say(text)
        }
        Terminal.say("The session works.")
    }
}

/// The command `wharf session stop`.
struct StopSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop a session; it stays linked.",
        version: Wharf.version
    )

    @Argument(help: "Name or identifier.")
    var session: String

    @Flag(help: "Unlink the device and wipe its keys.")
    var logOut = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.ask(ControlRequest(command: logOut ? .logout : .stop, session: session))
    }
}

/// The command `wharf session send`.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a text and print the message's id.",
        version: Wharf.version
    )

    @Argument(help: "Name or identifier of the session.")
    var session: String

    @Argument(help: "A phone number, or a chat's address such as 123@g.us.")
    var to: String

    @Argument(help: "The text.")
    var text: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let request = ControlRequest(command: .send, session: session, to: to, text: text)
        try await server.ask(request) { Terminal.say($0.text ?? "") }
    }
}

/// The command `wharf session tail`.
struct TailSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show the last lines of a session's log, and all that follow.",
        version: Wharf.version
    )

    @Argument(help: "Name or identifier.")
    var session: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.ask(ControlRequest(command: .tail, session: session)) { reply in
            if let line = reply.line { Terminal.say(line) }
        }
    }
}

/// The command `wharf session export`.
struct ExportSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print a session's session ID. Whoever has it can read and write as you.",
        discussion: "Stop the session before another program uses it: two at once replace each other.",
        version: Wharf.version
    )

    @Argument(help: "Name or identifier.")
    var session: String

    @Option(help: "Form of the session ID.")
    var format: SessionIDDialect = .tildeGzip

    @Option(help: "Write a whole Baileys folder here instead, ratchets and keys included; the session must be stopped.")
    var folder: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        if let folder { return try await export(to: folder) }
        let request = ControlRequest(command: .export, session: session, format: format.rawValue)
        try await server.ask(request) { Terminal.say($0.text ?? "") }
    }

    private func export(to path: String) async throws {
        let folder = SessionFolderOnDisk(path: path)
        try folder.create()
        let request = ControlRequest(command: .export, session: session, format: ControlRequest.folderFormat)
        var count = 0
        try await server.ask(request) { reply in
            guard let name = reply.file, let content = reply.text else { return }
            try folder.write(content, to: name)
            count += 1
        }
        Terminal.say("\(count) files in \(path). Do not start the session here again while another program uses them.")
    }
}

/// The command `wharf session import`.
struct ImportSessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over a session ID, creds.json, or a whole Baileys folder as a new session.",
        version: Wharf.version
    )

    @Argument(help: "Name of the new session.")
    var name: String

    @Argument(help: "File with the session ID, a folder with creds.json, or - for standard input.")
    var file: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let folder = SessionFolderOnDisk(path: file)
        let text = folder.exists ? try folder.packed() : try self.text()
        let request = ControlRequest(command: .takeIn, session: name, text: text)
        try await server.ask(request) { Terminal.say($0.text ?? "") }
    }

    private func text() throws -> String {
        let handle = file == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: file)
        guard let handle, let bytes = try? handle.read(upToCount: SessionIDCodec.maximumLength + 1) else {
            throw Failure("\(file) cannot be read")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
