import WhatsApp

// What went wrong, in words that say what the person can do next.
extension AttemptWords {
    /// A pairing code that there is none of (pairing.md 3.2).
    static func problem(of refusal: PairingCodeRefusal) -> GeneratorEvent.Problem {
        let wait = refusal.retryAfter.map { " in \($0.inWords)" } ?? " in a few minutes"
        let message =
            switch refusal.reason {
            case .notReady: "The connection to WhatsApp is not ready yet. Ask for the code again in a moment."
            case .outstanding: "The code before this one is still good. Use it, or ask for another\(wait)."
            case .timedOut: "WhatsApp did not answer in time. Ask for the code again, or scan the QR code instead."
            case .service(let code, _): message(ofCode: code, wait: wait)
            }
        return GeneratorEvent.Problem(
            code: "generator.code_refused",
            message: message,
            retryAfter: refusal.retryAfter
        )
    }

    private static func message(ofCode code: Int, wait: String) -> String {
        switch code {
        case 400, 404:
            """
            WhatsApp does not give a code for this number. Check that it is the number of the account, with its \
            country code and without a zero in front. If it is right, too many codes were asked for: try again\(wait), \
            or scan the QR code.
            """
        case 403: "WhatsApp refuses pairing codes for this account. Scan the QR code instead."
        case 429: "Too many codes were asked for this number. Try again\(wait), or scan the QR code instead."
        case 452: "This account cannot be linked with a code. Scan the QR code instead."
        case 500..<600: "WhatsApp could not make a code. Ask again\(wait), or scan the QR code instead."
        default: "WhatsApp gave no code (reason \(code)). Ask again\(wait), or scan the QR code instead."
        }
    }

    /// A passkey's assertion that got no further; the demand stands unless its time is over.
    static func problem(of refusal: PasskeyRefusal) -> GeneratorEvent.Problem {
        let message =
            switch refusal {
            case .notRequested: "WhatsApp is not asking for a passkey now."
            case .malformedAssertion:
                "This is not a passkey's answer. Paste the whole JSON text, from the first brace to the last."
            case .service(let code, _):
                "WhatsApp did not accept the passkey's answer (reason \(code)). Make a new one and paste it again."
            case .timedOut: "The passkey's answer did not come in time. Scan the QR code again."
            }
        return GeneratorEvent.Problem(code: "generator.passkey_refused", message: message, retryAfter: nil)
    }

    /// The end of a try.
    static func problem(of failure: LinkingFailure) -> GeneratorEvent.Problem {
        let code: String
        let message: String
        switch failure {
        case .untrustedServer:
            code = "generator.untrusted_server"
            message = """
                The server that answered is not WhatsApp's. Nothing was sent to it. Tell whoever runs this site.
                """
        case .refused(.clientOutdated):
            code = "generator.client_outdated"
            message = "WhatsApp wants a newer version of this program. Tell whoever runs this site."
        case .refused(.loggedOut), .refused(.locked), .refused(.unauthorised):
            code = "generator.refused"
            message = "WhatsApp did not keep the link. Look at the linked devices on the phone, then start a new try."
        case .refused(.temporarilyBanned):
            code = "generator.banned"
            message = "WhatsApp has locked this account out for a while. Open WhatsApp on the phone to see until when."
        case .refused:
            code = "generator.refused"
            message = "WhatsApp refused the connection. Wait a few minutes, then start a new try."
        case .rejected:
            code = "generator.rejected"
            message = """
                The phone's answer did not belong to this code. If the phone shows a new linked device, remove it there, \
                then start a new try.
                """
        case .loginFailed:
            code = "generator.login_failed"
            message = """
                The phone agreed, but the first login failed. Remove the new device on the phone under Linked devices, \
                then start a new try.
                """
        }
        return GeneratorEvent.Problem(code: code, message: message, retryAfter: nil)
    }
}
