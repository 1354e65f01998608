package import Accounts
package import HTTPTypes

extension KeyedCallError: UserFacingError {
    package var code: String {
        switch self {
        case .invalidKey: "idempotency.invalid_key"
        case .otherCall: "idempotency.key_reused"
        case .underWay: "idempotency.in_progress"
        case .outcomeUnknown: "idempotency.outcome_unknown"
        }
    }

    package var message: String {
        switch self {
        case .invalidKey: "An Idempotency-Key has 1 to \(KeyedCall.longestKey) printable characters of ASCII."
        case .otherCall: "This Idempotency-Key came with another call before: take a new one for each."
        case .underWay: "The first call with this Idempotency-Key is not done yet: ask again in a moment."
        case .outcomeUnknown:
            "The first call with this Idempotency-Key was cut short: look whether it was done, then take a new key."
        }
    }

    package var status: HTTPResponse.Status {
        switch self {
        case .invalidKey: .badRequest
        case .otherCall: .unprocessableContent
        case .underWay, .outcomeUnknown: .conflict
        }
    }

    package var field: String? { "Idempotency-Key" }

    package var retryAfter: Duration? { self == .underWay ? .seconds(1) : nil }
}
