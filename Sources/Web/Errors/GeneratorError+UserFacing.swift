package import Fleet
package import HTTPTypes

extension GeneratorError: UserFacingError {
    package var status: HTTPResponse.Status {
        switch self {
        case .tooManyAttempts, .tooManyAtOnce, .busy, .tooManyValidations, .tooManyLoginChecks, .codeOutstanding,
            .codeNotYet:
            .tooManyRequests
        case .unavailable, .notRunning: .serviceUnavailable
        case .unknownAttempt, .noQR: .notFound
        case .attemptGone: .gone
        case .notReadyForCode, .noPasskeyRequested: .conflict
        case .invalidAssertion, .sessionID: .unprocessableContent
        }
    }

    package var field: String? {
        switch self {
        case .sessionID: "sessionID"
        case .invalidAssertion: "assertion"
        default: nil
        }
    }
}
