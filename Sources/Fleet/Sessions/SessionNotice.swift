package import Foundation
package import WhatsApp

/// What whoever watches a session is told at once.
package struct SessionNotice: Sendable {
    package enum Kind: Sendable {
        case status(SessionState)
        /// To be scanned with the phone until then.
        case qr(text: String, svg: String, expiresAt: Date)
        /// To be typed on the phone until then.
        case pairingCode(String, expiresAt: Date)
        /// Why there is no pairing code, in words for the person who asked.
        case pairingCodeRefused(String)
        case log(SessionLogLine)
        case counters(SessionCounters, health: Int)
        /// What runs on the session has become something else.
        case changed
    }

    /// Rises with each notice of the process.
    package let id: UInt64
    package let kind: Kind
}

/// Where a session stands now.
package struct SessionState: Sendable, Equatable {
    package var id: SessionID
    package var name: String
    package var isWanted: Bool
    package var status: SessionStatus
    package var reason: String?
    package var statusAt: Date
    /// The own address, once linked.
    package var jid: String?
    /// Waits for a phone, and will not run afterwards.
    package var isLinkOnly = false
    package var health: Int
    /// What the service does not let the account do.
    package var restrictions = SessionRestrictions()

    /// Was stopped because nothing came in or went out for long; runs again when somebody starts it.
    package var isParked: Bool { status == .stopped && !isWanted && reason == Self.idle }

    static let idle = "idle"
}

/// One line of a session's log.
package struct SessionLogLine: Sendable, Equatable {
    package var at: Date
    package var level: SessionNote.Level
    package var text: String
}
