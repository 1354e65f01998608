import Foundation
import QRCodes
import WhatsApp

/// Shows a linking attempt in the terminal, on standard error.
final class TerminalLinking {
    private let connection: LinkingConnection
    private let number: PhoneNumber?
    private let isTerminal = Terminal.isTerminal(.standardError)
    /// Lines of the QR code that stands last on the screen.
    private var drawnLines = 0

    init(connection: LinkingConnection, number: PhoneNumber?) {
        self.connection = connection
        self.number = number
    }

    /// Follows the attempt to its end.
    func run() async -> Result<Credentials, Failure> {
        connection.start()
        for await event in connection.events {
            if let result = show(event) { return result }
        }
        return .failure(Failure("the attempt was closed"))
    }

    private func show(_ event: LinkingEvent) -> Result<Credentials, Failure>? {
        switch event {
        case .connecting: tell("Connecting…")
        case .ready:
            if let number { connection.requestPairingCode(for: number) }
        case .qr(let text, let lifetime):
            if number == nil { draw(text, for: lifetime) }
        case .pairingCode(let code, _):
            tell("On the phone: Settings, Linked devices, Link a device, Link with phone number instead.")
            tell("Enter this code: \(code.prefix(4))-\(code.dropFirst(4))")
        case .pairingCodeRefused(let refusal): return .failure(Failure(words(for: refusal)))
        case .pairingCodeExpired:
            tell("The code has expired; here is another.")
            if let number { connection.requestPairingCode(for: number) }
        case .passkeyRequested(let options, _): askForPasskey(options)
        case .passkeyConfirmation(let code):
            tell("Compare with the phone, and press Return if it shows the same: \(code)")
            readLine { [connection] _ in connection.confirmPasskey() }
        case .passkeyRefused(let refusal): return .failure(Failure("WhatsApp did not take the passkey (\(refusal))"))
        case .linking: tell("Linking…")
        case .linked(let credentials):
            tell("Linked.")
            return .success(credentials)
        case .restarting: tell("Starting over…")
        case .failed(let failure): return .failure(Failure(words(for: failure)))
        }
        return nil
    }

    /// Draws a code in the place of the one before.
    private func draw(_ text: String, for lifetime: Duration) {
        guard let code = try? QRCode(encoding: text) else { return tell("The QR code cannot be drawn.") }
        let blocks = code.terminalBlocks(style: isTerminal ? .coloured : .plain)
        let head =
            "On the phone: Settings, Linked devices, Link a device. Good for \(lifetime.components.seconds) seconds.\n"
        if isTerminal, drawnLines > 0 { Terminal.write("\u{1B}[\(drawnLines)A\u{1B}[J", to: .standardError) }
        Terminal.write(head + blocks, to: .standardError)
        drawnLines = blocks.count { $0 == "\n" } + 1
    }

    private func tell(_ line: String) {
        drawnLines = 0
        Terminal.write(line + "\n", to: .standardError)
    }

    private func askForPasskey(_ options: [UInt8]) {
        tell(
            "This account asks for its passkey. In a browser that has it, open https://web.whatsapp.com and answer this request"
        )
        tell("in the page's console with navigator.credentials.get(); then paste the assertion as one line of JSON:")
        tell(String(decoding: options, as: UTF8.self))
        readLine { [connection] line in connection.submitPasskeyAssertion(Array(line.utf8)) }
    }

    /// Reads a line on a thread of its own, because the person may take all the time of the world.
    private func readLine(_ use: @escaping @Sendable (String) -> Void) {
        Thread {
            if let line = Swift.readLine() { use(line) }
        }.start()
    }

    private func words(for refusal: PairingCodeRefusal) -> String {
        switch refusal.reason {
        case .notReady, .timedOut: "WhatsApp gave no code in time; try again"
        case .outstanding: "a code before this one is still good; use it, or try again later"
        case .service(let code, _) where code == 400 || code == 404:
            "WhatsApp knows no account with this number, or too many codes were asked for"
        case .service(let code, _): "WhatsApp gives no code for this number (reason \(code)); use the QR code"
        }
    }

    private func words(for failure: LinkingFailure) -> String {
        switch failure {
        case .untrustedServer: "the server that answered is not WhatsApp's; nothing was sent to it"
        case .refused(let end): "WhatsApp lets nobody in (\(end))"
        case .rejected: "what the phone sent does not belong to this device; try again"
        case .loginFailed:
            "the phone agreed, but the login after it failed; remove the device on the phone and try again"
        }
    }
}
