/// Why a message of ours stands as failed.
package enum MessageFailure: Sendable, Equatable {
    /// The service has refused it.
    case refused(code: Int)
    /// No word of the service in time: it may have arrived.
    case unconfirmed
    /// The server stopped while it was on its way, and it is not sent again: it is too old, or the account another one.
    case interrupted

    /// Where the store has the service's codes, which are positive.
    static let interruptedCode = -1

    init(code: Int?) {
        switch code {
        case nil: self = .unconfirmed
        case Self.interruptedCode: self = .interrupted
        case let code?: self = .refused(code: code)
        }
    }
}

extension StoredMessage {
    /// Nil unless it has failed.
    package var failure: MessageFailure? { status == .failed ? MessageFailure(code: error) : nil }
}
