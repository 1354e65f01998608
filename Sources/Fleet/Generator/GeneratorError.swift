package import WhatsApp

/// Why the generator does not do what it was asked.
package enum GeneratorError: Error, Equatable {
    /// This address has begun as many attempts as it may within an hour.
    case tooManyAttempts(limit: Int, retryAfter: Duration)
    /// This address has as many attempts at once as it may.
    case tooManyAtOnce(limit: Int, retryAfter: Duration)
    /// All places are taken.
    case busy(retryAfter: Duration)
    /// This address has had as many session IDs looked at as it may within an hour.
    case tooManyValidations(limit: Int, retryAfter: Duration)
    /// This address has tried as many logins as it may within an hour.
    case tooManyLoginChecks(limit: Int, retryAfter: Duration)
    /// Limits cannot be checked, because the database is away; nothing is begun then.
    case unavailable
    /// The server is stopping or has not started.
    case notRunning
    /// No attempt of that name has ever been, or it is long gone.
    case unknownAttempt
    /// The attempt is over and wiped.
    case attemptGone
    /// The service is not ready for a pairing code, or the phone has already accepted.
    case notReadyForCode
    /// A code for this number is still valid; a second one would make it worthless.
    case codeOutstanding(retryAfter: Duration)
    /// The service has refused a code and wants no other request for a while.
    case codeNotYet(retryAfter: Duration)
    /// Nobody has asked for a passkey.
    case noPasskeyRequested
    /// What was handed over as an assertion is too long or no JSON object.
    case invalidAssertion
    /// There is no QR to be shown at this moment.
    case noQR
    /// The text is not a session ID.
    case sessionID(SessionIDError)
}

extension GeneratorError {
    /// Stable, dotted, never reused.
    package var code: String {
        switch self {
        case .tooManyAttempts: "generator.too_many_attempts"
        case .tooManyAtOnce: "generator.too_many_at_once"
        case .busy: "generator.busy"
        case .tooManyValidations: "generator.too_many_validations"
        case .tooManyLoginChecks: "generator.too_many_login_checks"
        case .unavailable: "generator.unavailable"
        case .notRunning: "generator.not_running"
        case .unknownAttempt: "generator.unknown_attempt"
        case .attemptGone: "generator.attempt_gone"
        case .notReadyForCode: "generator.not_ready_for_code"
        case .codeOutstanding: "generator.code_outstanding"
        case .codeNotYet: "generator.code_not_yet"
        case .noPasskeyRequested: "generator.no_passkey_requested"
        case .invalidAssertion: "generator.invalid_assertion"
        case .noQR: "generator.no_qr"
        case .sessionID(let error): error.code
        }
    }

    /// What happened and what the person can do next.
    package var message: String {
        switch self {
        case .tooManyAttempts(let limit, let wait):
            "\(limit) attempts an hour are allowed from one address. Try again in \(wait.inWords)."
        case .tooManyAtOnce(let limit, let wait):
            """
            \(limit) attempts at once are allowed from one address. Finish or delete one of them, or try again in \
            \(wait.inWords).
            """
        case .busy(let wait): "All places are taken at the moment. Try again in \(wait.inWords)."
        case .tooManyValidations(let limit, let wait):
            "\(limit) session IDs an hour can be checked from one address. Try again in \(wait.inWords)."
        case .tooManyLoginChecks(let limit, let wait):
            "\(limit) logins an hour can be tried from one address. Try again in \(wait.inWords)."
        case .unavailable: "The server cannot check its limits at the moment. Try again in a minute."
        case .notRunning: "The server is starting or stopping. Try again in a minute."
        case .unknownAttempt: "There is no such attempt. Start a new one."
        case .attemptGone: "This attempt is over and everything of it is erased. Start a new one."
        case .notReadyForCode:
            "WhatsApp is not ready for a pairing code yet. Wait until the QR code is shown, then ask again."
        case .codeOutstanding(let wait):
            """
            There is a pairing code for this number that is still valid. Use that one, or ask for a new one in \
            \(wait.inWords).
            """
        case .codeNotYet(let wait):
            "WhatsApp wants no other request for a code yet. Scan the QR code instead, or ask again in \(wait.inWords)."
        case .noPasskeyRequested:
            "WhatsApp has not asked for a passkey in this attempt, so there is nothing to hand over."
        case .invalidAssertion:
            "This is not a passkey assertion. Hand over the JSON of the credential as the browser gave it."
        case .noQR: "There is no QR code to show at this moment. Wait for the status to change."
        case .sessionID(let error): error.message
        }
    }

    /// When trying again may help.
    package var retryAfter: Duration? {
        switch self {
        case .tooManyAttempts(_, let wait), .tooManyAtOnce(_, let wait), .tooManyValidations(_, let wait),
            .tooManyLoginChecks(_, let wait), .busy(let wait), .codeOutstanding(let wait), .codeNotYet(let wait):
            wait
        case .unavailable, .notRunning: .seconds(60)
        case .unknownAttempt, .attemptGone, .notReadyForCode, .noPasskeyRequested, .invalidAssertion, .noQR, .sessionID:
            nil
        }
    }
}

extension Duration {
    /// Rounded up: «45 seconds», «12 minutes».
    var inWords: String {
        let seconds = wholeSecondsUp
        if seconds <= 90 { return seconds == 1 ? "1 second" : "\(seconds) seconds" }
        return "\((seconds + 59) / 60) minutes"
    }

    /// Whole seconds, rounded up, at least one: what Retry-After wants.
    package var wholeSecondsUp: Int {
        let (seconds, rest) = components
        return Int(clamping: max(1, seconds + (rest > 0 ? 1 : 0)))
    }
}
