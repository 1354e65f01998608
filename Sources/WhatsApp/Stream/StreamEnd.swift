package import WhatsAppWire

/// Why the service ended a connection, or let nobody in, in its own words.
package enum StreamEnd: Sendable, Equatable {
    /// `stream:error` 515: the normal end of linking.
    case restartRequired
    /// The device is not linked any more, or never was: failure 401 or 406, code 516, conflict `device_removed`.
    case loggedOut(code: Int)
    /// The account is locked or its phone is gone (failure 403).
    case locked
    /// Another connection with the same credentials took over.
    case replaced
    /// Failure 402; `expiry` is when the service will let the account in again.
    case temporarilyBanned(code: Int?, expiry: Duration?)
    /// Failure 405.
    case clientOutdated
    /// Any other failure that a retry would only repeat.
    case refused(reason: Int?)
    /// `stream:error` 401 alone: the next login tells what it means.
    case unauthorised
    /// Failure or stream error 5xx.
    case unavailable(code: Int)
    /// `stream:error` 429.
    case rateLimited
    /// The service still waits for the acknowledgement of a stanza.
    case unacknowledged
    /// The service could not read what was sent.
    case malformed
    /// `xmlstreamend`, or the socket closed without a word.
    case ended
    case unknown(code: Int?)

    /// What a client does about it.
    package enum Reaction: Sendable, Equatable {
        /// At once, with no error counted.
        case reconnect
        /// After the usual delay; `penalty` counts as that many errors.
        case backOff(penalty: Int)
        /// Not before this long.
        case wait(Duration?)
        /// Ask for the current client version, then once more.
        case updateVersion
        /// Not again by itself; the credentials may still be good.
        case stop
        /// The credentials are void and must be wiped.
        case wipe
    }

    package var reaction: Reaction {
        switch self {
        case .restartRequired: .reconnect
        case .loggedOut, .locked: .wipe
        case .replaced, .refused: .stop
        case .temporarilyBanned(_, let expiry): .wait(expiry)
        case .clientOutdated: .updateVersion
        case .rateLimited: .backOff(penalty: 5)
        case .unauthorised, .unavailable, .unacknowledged, .malformed, .ended, .unknown: .backOff(penalty: 1)
        }
    }

    /// Reads `<failure>`, `<stream:error>` and `<xmlstreamend/>`; nil for any other stanza.
    package init?(_ node: BinaryNode) {
        switch node.tag {
        case "failure": self = .init(failure: node)
        case "stream:error": self = .init(streamError: node)
        case "xmlstreamend": self = .ended
        default: return nil
        }
    }

    private init(failure node: BinaryNode) {
        let reason = node.attributes.integer("reason", as: Int.self)
        switch reason {
        case 401, 406: self = .loggedOut(code: reason ?? 401)
        case 402:
            let seconds = node.attributes.integer("expire", as: UInt32.self)
            self = .temporarilyBanned(
                code: node.attributes.integer("code", as: Int.self),
                expiry: seconds.map { .seconds(Int64($0)) }
            )
        case 403: self = .locked
        case 405: self = .clientOutdated
        case 500, 503: self = .unavailable(code: reason ?? 503)
        default: self = .refused(reason: reason)
        }
    }

    private init(streamError node: BinaryNode) {
        let code = node.attributes.integer("code", as: Int.self)
        if let conflict = node.child("conflict") {
            // Device removal is the only conflict besides a replaced connection that a server is known to report.
            self = conflict.attributes.text("type") == "replaced" ? .replaced : .loggedOut(code: code ?? 401)
        } else if node.child("ack") != nil {
            self = .unacknowledged
        } else if node.child("xml-not-well-formed") != nil {
            self = .malformed
        } else {
            switch code {
            case 515: self = .restartRequired
            case 516: self = .loggedOut(code: 516)
            case 401: self = .unauthorised
            case 429: self = .rateLimited
            case .some(500...599): self = .unavailable(code: code ?? 500)
            default: self = .unknown(code: code)
            }
        }
    }
}
